"""Number of an insurance policy, in a field or after a label that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="fin_acct_alone",
    form="word",
    needs_digit=True,
    headers=(
        "policy number",
        "policy no",
        "car insurance number",
        "vehicle insurance number",
        "travel insurance number",
        "insurance policy number",
        "numero de police",
        "numero de contrat",
        "policennummer",
        "versicherungsscheinnummer",
        "numero de poliza",
        "numero da apolice",
        "شماره بیمه نامه",
        "شماره بیمه‌نامه",
    ),
    belief=0.6,
    belief_near=0.8,
    belief_headed=0.95,
    source="https://www.acord.org/",
    examples=("policy number: HX-3140218", "Policennummer: 31402187"),
    not_examples=("policy number: none", "our policy: be kind"),
)
