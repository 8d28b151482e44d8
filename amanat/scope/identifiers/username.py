"""Name of an account, in a field or after a label that says so. By itself it names nobody; with a password it opens the account."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="",
    form="word",
    headers=(
        "username",
        "user name",
        "login",
        "login name",
        "user login",
        "screen name",
        "nom d utilisateur",
        "identifiant",
        "benutzername",
        "nombre de usuario",
        "usuario",
        "nome de usuario",
        "نام کاربری",
    ),
    belief=0.6,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.rfc-editor.org/rfc/rfc7613",
    examples=("username: sara_k31", "نام کاربری: sara31"),
    not_examples=("the username is taken",),
)
