"""Password in clear text: in a field or after a label that says so, or behind an e-mail address in a list."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="password",
    form="word",
    headers=(
        "password",
        "passwd",
        "pass",
        "pwd",
        "pw",
        "passphrase",
        "mot de passe",
        "mdp",
        "passwort",
        "kennwort",
        "contrasena",
        "clave",
        "senha",
        "رمز عبور",
        "گذرواژه",
        "کلمه عبور",
        "پسورد",
    ),
    source="https://cwe.mitre.org/data/definitions/256.html",
    examples=(
        "postgres://guests:s3cr3t-Wave@db.example.org:5432/pms",
        "password: correct-horse",
        "sara@example.org:Sommer2024!",
        "Mot de passe : azerty12",
        "رمز عبور: abc12345",
        'pwd="tr0ub4dor"',
    ),
    not_examples=("postgres://guests:$PASSWORD@db.example.org/pms", "the password policy", "password", "sara@example.org: hello, how are you"),
)
