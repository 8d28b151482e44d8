"""United Kingdom National Insurance number: two letters, six digits, a letter from A to D."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]",),
    groups=("9", "2-2-2-2-1", "2-6-1", "8-1", "2-7"),
    separators=" -.",
    check="uk_nino",
    field="national_id",
    is_strong=True,
    headers=("nino", "ni number", "national insurance", "national insurance number", "national id", "national number", "id number"),
    words=("nino", "national insurance", "ni number"),
    belief=0.85,
    source="https://www.gov.uk/hmrc-internal-manuals/national-insurance-manual/nim39110",
    examples=("HH 01 02 03 D", "hh010203d", "NI number: JG 10 37 59 A"),
    not_examples=("HH 01 02 03 E", "QQ 12 34 56 C", "BG123456A", "HO123456A"),
)
