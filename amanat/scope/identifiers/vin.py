"""Number of a vehicle (VIN): seventeen letters and digits without I, O and Q, in a field or beside a word that says so.

American numbers have a check character in the ninth place; most others have none.
"""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="vehicle",
    patterns=(r"[0-9A-HJ-NPR-Z]{13}\d{4}",),
    groups=("17",),
    check="not_uniform",
    headers=(
        "vin",
        "vehicle identification number",
        "chassis number",
        "numero de chassis",
        "fahrgestellnummer",
        "fin fahrzeug",
        "numero de bastidor",
        "numero do chassi",
        "شماره شاسی",
    ),
    belief=0.0,
    belief_near=0.9,
    source="https://www.iso.org/standard/52200.html",
    examples=("VIN WVWZZZ1KZ8W314021", "شماره شاسی: NAAM01CA7JR314021"),
    not_examples=("WVWZZZ1KZ8W314021", "VIN WVWZZZ1KZ8W31402"),
)
