"""E-mail address."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="email",
    form="email",
    field="email",
    is_strong=True,
    headers=("email", "e mail", "mail", "courriel", "correo", "email address", "ایمیل", "پست الکترونیکی", "رایانامه"),
    words=("email", "e-mail", "mailto"),
    belief=0.99,
    source="https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2",
    examples=("sara@example.org", "Write to Sara.Ahmadi+stay@mail.example.org.", "<jürgen@bücher.example>", "سارا:sara@example.org؛"),
    not_examples=("sara@localhost", "hello-world here", "@example.org", "sara@.org", "user@example.1"),
)
