"""Private key in its usual wrapping (PEM, OpenSSH, PGP, PuTTY)."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="private_key",
    form="literal",
    literals=(
        ("BEGIN PRIVATE KEY-----", 0, 0),
        ("BEGIN RSA PRIVATE KEY-----", 0, 0),
        ("BEGIN EC PRIVATE KEY-----", 0, 0),
        ("BEGIN DSA PRIVATE KEY-----", 0, 0),
        ("BEGIN OPENSSH PRIVATE KEY-----", 0, 0),
        ("BEGIN ENCRYPTED PRIVATE KEY-----", 0, 0),
        ("BEGIN PGP PRIVATE KEY BLOCK-----", 0, 0),
        ("PuTTY-User-Key-File-", 0, 0),
        ("AGE-SECRET-KEY-1", 0, 0),
    ),
    alphabet=r"\0",
    belief=0.99,
    source="https://www.rfc-editor.org/rfc/rfc7468",
    examples=("-----BEGIN RSA PRIVATE KEY-----", "-----BEGIN OPENSSH PRIVATE KEY----- b3BlbnNzaC1rZXktdjE", "PuTTY-User-Key-File-3: ssh-ed25519"),
    not_examples=("-----BEGIN PUBLIC KEY-----", "-----BEGIN CERTIFICATE-----"),
)
