"""Russian internal passport: four digits of the series and six of the number, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="passport",
    patterns=(r"\d{10}",),
    groups=("10", "4-6", "2-2-6"),
    separators=" ",
    check="not_uniform",
    field="passport",
    is_strong=True,
    headers=("паспорт", "серия и номер паспорта", "паспорт серия", "pasport rf"),
    words=("паспорт", "паспорта", "серия"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://мвд.рф/",
    examples=("паспорт 45 14 402187", "паспорт серия 4514 402187"),
    not_examples=("45 14 402187", "паспорт 4514"),
)
