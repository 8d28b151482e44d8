"""Indonesian tax number (NPWP): nine digits with a check digit, then the office and the branch."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="tin",
    patterns=(r"\d{15}",),
    groups=("15", "2-3-3-1-3-3"),
    separators=".-",
    check="not_uniform",
    headers=("npwp", "nomor pokok wajib pajak"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.pajak.go.id/",
    examples=("NPWP 07.314.217.5-402.000",),
    not_examples=("073142175402000", "NPWP 07.314"),
)
