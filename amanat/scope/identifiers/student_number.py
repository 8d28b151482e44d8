"""Number of a pupil or student, in a field or after a label that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="student_id",
    form="word",
    needs_digit=True,
    headers=(
        "student id",
        "student number",
        "student no",
        "matriculation number",
        "matrikelnummer",
        "numero etudiant",
        "numero d etudiant",
        "ine",
        "matricula estudiante",
        "numero de matricula",
        "numero de aluno",
        "شماره دانشجویی",
        "کد دانش آموزی",
    ),
    belief=0.6,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.ecfr.gov/current/title-34/subtitle-A/part-99",
    examples=("student number: 31402187", "Matrikelnummer: 3140218", "شماره دانشجویی: ۹۸۳۱۴۰۲۱"),
    not_examples=("student id: none",),
)
