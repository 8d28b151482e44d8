"""Number of a birth or marriage certificate, in a field or after a label that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="birth_or_marriage_cert",
    form="word",
    needs_digit=True,
    headers=(
        "birth certificate number",
        "birth certificate no",
        "marriage certificate number",
        "acte de naissance",
        "numero d acte de naissance",
        "geburtsurkunde nr",
        "شماره شناسنامه",
        "شماره‌ شناسنامه",
        "سریال شناسنامه",
    ),
    belief=0.6,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.sabteahval.ir/",
    examples=("شماره شناسنامه: ۳۱۴۰", "birth certificate number: 314-87-021870"),
    not_examples=("birth certificate number: lost",),
)
