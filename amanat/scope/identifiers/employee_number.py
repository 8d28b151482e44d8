"""Number of an employee, in a field or after a label that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="employment",
    form="word",
    needs_digit=True,
    headers=(
        "employee id",
        "employee number",
        "employee no",
        "staff id",
        "staff number",
        "personnel number",
        "personnel no",
        "matricule",
        "numero de matricule salarie",
        "personalnummer",
        "numero de empleado",
        "numero do funcionario",
        "کد پرسنلی",
        "شماره پرسنلی",
        "شماره کارمندی",
    ),
    belief=0.6,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://schema.org/Person",
    examples=("employee id: K3140", "Personalnummer: 31402", "کد پرسنلی: ۳۱۴۰۲"),
    not_examples=("employee id: tbd",),
)
