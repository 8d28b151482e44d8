"""Security question or the answer to it, in a field or after a label that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="security_tokens",
    form="line",
    headers=(
        "security question",
        "security answer",
        "secret question",
        "secret answer",
        "question secrete",
        "reponse secrete",
        "sicherheitsfrage",
        "sicherheitsantwort",
        "pregunta secreta",
        "respuesta secreta",
        "pergunta secreta",
        "resposta secreta",
        "پرسش امنیتی",
        "پاسخ امنیتی",
    ),
    belief=0.6,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://pages.nist.gov/800-63-3/sp800-63b.html",
    examples=("Security answer: Bluebell", "Pregunta secreta: primera mascota"),
    not_examples=("a security question came up",),
)
