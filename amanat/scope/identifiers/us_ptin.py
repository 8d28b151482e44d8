"""United States tax preparer number (PTIN): P and eight digits, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="tin",
    patterns=(r"P\d{8}",),
    groups=("9",),
    check="not_uniform",
    stdnum="us.ptin",
    headers=("ptin", "preparer tax identification number"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.irs.gov/tax-professionals/ptin-requirements-for-tax-return-preparers",
    examples=("PTIN P31402187",),
    not_examples=("P31402187", "PTIN P314"),
)
