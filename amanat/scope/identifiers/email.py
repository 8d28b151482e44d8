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
    examples=(
        "sara@example.org",
        "Write to Sara.Ahmadi+stay@mail.example.org.",
        "<jürgen@bücher.example>",
        "سارا:sara@example.org؛",
        '"GET /login?user=sara%40example.org&next=%2F HTTP/1.1"',
    ),
    not_examples=("sara@localhost", "hello-world here", "@example.org", "sara@.org", "user@example.1", "100%40", "?user=sara%40localhost"),
)
