"""Latitude or longitude of a person in a field of its own, or after a label that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="geolocation",
    form="word",
    needs_digit=True,
    headers=(
        "latitude",
        "longitude",
        "=lat",
        "=lon",
        "=lng",
        "gps lat",
        "gps lon",
        "geo lat",
        "geo lng",
        "breitengrad",
        "langengrad",
        "latitud",
        "longitud",
        "عرض جغرافیایی",
        "طول جغرافیایی",
    ),
    belief=0.6,
    belief_near=0.85,
    source="https://www.rfc-editor.org/rfc/rfc5870",
    examples=("latitude: 48.85661", "عرض جغرافیایی: ۳۵٫۶۸۹۲۵"),
    not_examples=("latitude: wide", "at this latitude"),
)
