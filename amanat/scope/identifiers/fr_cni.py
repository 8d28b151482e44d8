"""French identity card: twelve digits, or nine letters and digits since 2021, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="gov_id_other",
    patterns=(r"\d{12}", r"[A-Z0-9]{4}\d[A-Z0-9]{4}", r"[A-Z]\d[A-Z0-9]{7}"),
    groups=("12", "9"),
    check="not_uniform",
    field="passport",
    is_strong=True,
    headers=("cni", "carte nationale d identite", "numero de carte d identite", "numero cni"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.service-public.fr/particuliers/vosdroits/N358",
    examples=("CNI 870314217504", "carte nationale d'identité : X4RT20B19"),
    not_examples=("870314217504", "CNI 8703"),
)
