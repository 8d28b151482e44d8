"""German tax number (Steuernummer) of a tax office: nine to thirteen digits, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="tin",
    patterns=(r"\d{9}", r"\d{10}", r"\d{11}", r"\d{13}"),
    groups=("10", "11", "13", "2-3-4", "2-3-5", "3-3-5", "3-4-4", "2-4-4", "5-5"),
    separators="/ ",
    check="not_uniform",
    headers=("steuernummer", "steuer nr", "st nr", "stnr"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.elster.de/",
    examples=("Steuernummer 314/0218/7093", "St.-Nr. 31/402/18709"),
    not_examples=("314/0218/7093", "Steuernummer 314/02"),
)
