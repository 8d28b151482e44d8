"""Number of a patient or medical record, in a field or after a label that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="medical_id",
    form="word",
    needs_digit=True,
    headers=(
        "medical record number",
        "mrn",
        "patient id",
        "patient no",
        "patient number",
        "hospital number",
        "numero de dossier medical",
        "numero patient",
        "ipp",
        "patientennummer",
        "historia clinica numero",
        "numero de historia clinica",
        "prontuario",
        "شماره پرونده",
        "کد بیمار",
        "شماره بیمار",
    ),
    belief=0.6,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.hl7.org/fhir/R4/patient.html",
    examples=("MRN: 3140218", "شماره پرونده: ۳۱۴۰۲"),
    not_examples=("MRN: pending", "the patient numbered"),
)
