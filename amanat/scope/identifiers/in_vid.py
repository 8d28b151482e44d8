"""Indian virtual identity number that stands for an Aadhaar: sixteen digits, the last one a check."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[2-9]\d{15}",),
    groups=("16", "4-4-4-4"),
    separators=" -",
    check="verhoeff",
    field="national_id",
    is_strong=True,
    stdnum="in_.vid",
    headers=("vid", "virtual id", "aadhaar vid"),
    belief=0.0,
    source="https://uidai.gov.in/contact-support/have-any-question/284-faqs/aadhaar-online-services/virtual-id-vid.html",
    examples=("aadhaar VID 4120 8570 3142 1757",),
    not_examples=("aadhaar VID 4120 8570 3142 1750", "4120 8570 3142 1757"),
)
