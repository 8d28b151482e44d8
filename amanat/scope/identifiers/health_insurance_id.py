"""Number of a health insurance or its member, in a field or after a label that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="health_insurance",
    form="word",
    needs_digit=True,
    headers=(
        "health insurance id",
        "health insurance number",
        "health plan id",
        "insurance member id",
        "member id insurance",
        "subscriber id",
        "mutuelle",
        "numero de mutuelle",
        "krankenkasse nummer",
        "tarjeta sanitaria",
        "cartao sus",
        "numero do sus",
        "شماره بیمه",
        "دفترچه بیمه",
    ),
    belief=0.6,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.hhs.gov/hipaa/for-professionals/privacy/laws-regulations/",
    examples=("subscriber id: XJH31402187", "شماره بیمه: ۳۱۴۰۲۱۸۷"),
    not_examples=("subscriber id: none",),
)
