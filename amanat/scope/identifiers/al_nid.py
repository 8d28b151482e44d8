"""Albanian personal number (NID): a letter for the decade of birth, the day, three digits and a letter."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[A-W]\d{8}[A-Z]",),
    groups=("10",),
    days=("..MMDD....",),
    month_offsets=(0, 30, 50, 80),
    field="national_id",
    is_strong=True,
    headers=("nid", "numri personal", "numri i identitetit", "national id albania"),
    belief=0.3,
    belief_near=0.9,
    source="https://www.oecd.org/tax/automatic-exchange/crs-implementation-and-assistance/tax-identification-numbers/Albania-TIN.pdf",
    examples=("NID: J10512034A", "numri personal I05101999Q"),
    not_examples=("NID: J10532034A", "J10512034A"),
)
