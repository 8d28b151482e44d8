"""Number of a driving licence of any country, in a field or after a label that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="dl_state_id",
    form="word",
    needs_digit=True,
    headers=(
        "driving licence",
        "driving licence number",
        "driving licence no",
        "driver licence number",
        "permis de conduire",
        "numero de permis de conduire",
        "fuhrerschein",
        "fuhrerscheinnummer",
        "permiso de conducir",
        "carnet de conducir",
        "licencia de conducir",
        "carteira de motorista",
        "carteira de habilitacao",
        "carta de conducao",
        "cnh",
        "گواهینامه",
        "شماره گواهینامه",
        "گواهینامه رانندگی",
    ),
    belief=0.5,
    belief_near=0.75,
    belief_headed=0.9,
    source="https://eur-lex.europa.eu/eli/dir/2006/126/oj (field 5 of the model licence: number of the licence)",
    examples=("Driving licence no: 31AB40218", "Führerscheinnummer: B072RRE2I55", "شماره گواهینامه: ۳۱۴۰۲۱۸۷"),
    not_examples=("driving licence: none", "a driving licence for life"),
)
