"""Biometric data of a person, in a field or after a label that says so: finger print, face, iris, voice."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="biometric",
    form="line",
    headers=(
        "fingerprint template",
        "fingerprint data",
        "fingerprints",
        "face template",
        "face encoding",
        "facial template",
        "iris template",
        "iris scan",
        "voiceprint",
        "voice print",
        "biometric data",
        "biometric template",
        "palm print",
        "empreinte digitale",
        "empreintes digitales",
        "gabarit biometrique",
        "fingerabdruck",
        "gesichtsbild vorlage",
        "huella dactilar",
        "huellas dactilares",
        "impressao digital",
        "اثر انگشت",
        "داده بیومتریک",
    ),
    belief=0.6,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://eur-lex.europa.eu/eli/reg/2016/679/oj (Art 4(14))",
    examples=("fingerprint template: Rk1SACAyMAAAAADkAAgAyQF4", "Fingerabdruck: links, Zeigefinger"),
    not_examples=("Fingerabdruck", "key fingerprint: ok"),
)
