"""Nigerian bank verification number (BVN): 22 and nine digits, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="gov_id_other",
    patterns=(r"22\d{9}",),
    groups=("11",),
    check="not_uniform",
    field="national_id",
    is_strong=True,
    headers=("bvn", "bank verification number"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://nibss-plc.com.ng/bvn/",
    examples=("BVN 22140218709",),
    not_examples=("22140218709", "BVN 2214"),
)
