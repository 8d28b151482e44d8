"""Hardware address of a device in a network (MAC): six pairs of hexadecimal digits."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="device",
    form="mac",
    # Pairs with colons have a reader of their own; these have hyphens.
    patterns=(r"[0-9A-F]{12}",),
    groups=("2-2-2-2-2-2",),
    separators="-",
    check="not_uniform",
    headers=("mac", "mac address", "hardware address", "adresse mac", "mac adresse", "bssid"),
    words=("mac",),
    belief=0.85,
    source="https://standards.ieee.org/ieee/802/11106/",
    stdnum="mac",
    examples=("MAC: 3a:14:02:18:70:9b", "3A-14-02-18-70-9B", "hardware address: aa-bb-cc-18-70-9b"),
    not_examples=("ff:ff:ff:ff:ff:ff", "3a:14:02:18:70", "12:34:56"),
)
