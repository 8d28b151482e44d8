"""Pakistani identity card (CNIC): the place, seven digits and a digit for the sex."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[1-7]\d{12}",),
    groups=("13", "5-7-1"),
    separators="-",
    check="not_uniform",
    field="national_id",
    is_strong=True,
    stdnum="pk.cnic",
    headers=("cnic", "nicop", "cnic no", "شناختی کارڈ"),
    belief=0.7,
    belief_bare=0.0,
    belief_near=0.95,
    belief_headed=0.97,
    source="https://www.nadra.gov.pk/",
    examples=("CNIC 35202-3140218-7", "35202-3140218-7"),
    not_examples=("3520231402187", "CNIC 35202-31"),
)
