"""Indonesian identity number (NIK): the place, the day of birth and four digits."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[1-9]\d{15}",),
    groups=("16",),
    days=("......DDMMYY....",),
    day_offsets=(0, 40),
    field="national_id",
    is_strong=True,
    headers=("nik", "nomor induk kependudukan", "no ktp", "nomor ktp", "ktp"),
    belief=0.0,
    belief_near=0.92,
    belief_headed=0.97,
    source="https://dukcapil.kemendagri.go.id/",
    examples=("NIK 3172025403870004",),
    not_examples=("NIK 3172025413870004", "3172025403870004"),
)
