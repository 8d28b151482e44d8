"""Internet address, version 4 or 6."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="ip",
    form="ip",
    field="ip",
    headers=("ip", "ip address", "adresse ip", "ip adresse", "client ip", "remote addr", "last ip", "login ip", "آی پی"),
    words=("ip", "ipv4", "ipv6"),
    belief=0.9,
    source="https://www.rfc-editor.org/rfc/rfc4291#section-2.2",
    examples=("from 203.0.113.7 port 22", "2001:db8::8a2e:370:7334", "[2001:db8::1]:443", "::ffff:192.0.2.128"),
    not_examples=("256.1.1.1", "1.2.3", "12:34:56", "std::cout", "1:2:3:4", "version 1.2.3.4.5"),
)
