"""Brazilian taxpayer number of a person (CPF): nine digits and two check digits."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{11}",),
    groups=("11", "3-3-3-2", "9-2"),
    separators=".- /",
    check="br_cpf",
    field="national_id",
    is_strong=True,
    headers=("cpf", "cadastro de pessoas fisicas", "national id", "national number", "id number"),
    words=("cpf",),
    belief=0.8,
    belief_bare=0.45,
    source="https://www.gov.br/receitafederal/pt-br/assuntos/meu-cpf",
    examples=("111.444.777-35", "CPF 11144477735", "cpf: 111 444 777 35"),
    not_examples=("111.444.777-36", "111.111.111-11"),
)
