"""Content of a private message, in a field or after a label that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="communications",
    form="line",
    headers=(
        "message text",
        "message body",
        "chat message",
        "sms text",
        "sms body",
        "message content",
        "direct message",
        "private message",
        "chat transcript",
        "voicemail transcript",
        "texte du message",
        "contenu du message",
        "nachrichtentext",
        "texto del mensaje",
        "texto da mensagem",
        "متن پیام",
        "متن پیامک",
        "متن گفتگو",
    ),
    belief=0.6,
    belief_near=0.7,
    belief_headed=0.9,
    source="https://eur-lex.europa.eu/eli/dir/2002/58/oj (Art 5, confidentiality of communications)",
    examples=("Message text: see you at nine", "متن پیام: ساعت نه می‌بینمت"),
    not_examples=("a message of hope",),
)
