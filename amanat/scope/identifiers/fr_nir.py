"""French social-security number (NIR): 13 digits and a two-digit key."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[123478]\d{4}\d{2}\d{8}", r"[123478]\d{4}2[AB]\d{8}"),
    groups=("15", "13-2", "1-2-2-2-3-3-2", "1-2-2-2-3-3-2", "1-2-2-2-6-2", "1-4-2-3-3-2", "1-2-2-5-3-2", "1-2-2-2-3-5"),
    separators=" -./",
    check="fr_nir",
    n_key=13,
    field="national_id",
    is_strong=True,
    headers=(
        "nir",
        "securite sociale",
        "numero de securite sociale",
        "num secu",
        "insee",
        "numero ss",
        "national id",
        "national number",
        "id number",
    ),
    words=("nir", "insee", "sécurité sociale", "sécu"),
    belief=0.9,
    source="https://www.insee.fr/fr/metadonnees/definition/c1409",
    examples=("255081416802538", "2 55 08 14 168 025 38", "NIR : 1 80 02 2A 123 456 36"),
    not_examples=("255081416802539", "2550814168025", "555081416802538"),
)
