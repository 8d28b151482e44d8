"""Gender of a person, in a field or after a label that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="gender",
    form="word",
    headers=("gender", "=sex", "sex at birth", "=sexe", "=genre", "geschlecht", "=sexo", "=genero", "جنسیت", "=جنس"),
    belief=0.5,
    belief_near=0.75,
    belief_headed=0.95,
    source="https://www.iso.org/standard/81682.html (ISO/IEC 5218); https://hl7.org/fhir/R4/valueset-administrative-gender.html",
    examples=("Gender: female", "Geschlecht: w", "جنسیت: زن"),
    not_examples=("gender", "the gender pay gap"),
)
