"""German tax identification number (Steuer-ID): eleven digits, the last one a check."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[1-9]\d{10}", r"0\d{10}"),
    groups=("11", "2-3-3-3"),
    separators=" /",
    check="mod11_10",
    field="national_id",
    is_strong=True,
    headers=("steuer id", "steueridnr", "steuer identifikationsnummer", "idnr", "tax id", "national id", "national number", "id number"),
    words=("steuer id", "steueridnr", "steuer identifikationsnummer", "idnr", "steueridentifikationsnummer"),
    belief=0.6,
    belief_bare=0.3,
    source="https://www.bzst.de/DE/Privatpersonen/SteuerlicheIdentifikationsnummer/steuerlicheidentifikationsnummer_node.html",
    examples=("Steuer-ID: 36 574 261 809", "36 574 261 809", "IdNr. 36574261809"),
    not_examples=("Steuer-ID: 36 574 261 808", "36574261809"),
)
