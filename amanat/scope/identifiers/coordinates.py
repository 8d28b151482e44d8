"""Place on the earth: latitude and longitude in degrees, with at least four digits behind the point."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="geolocation",
    form="coordinates",
    headers=(
        "coordinates",
        "gps",
        "gps coordinates",
        "geolocation",
        "location gps",
        "lat lon",
        "lat long",
        "coordonnees gps",
        "gps koordinaten",
        "مختصات",
    ),
    words=("gps", "latitude", "coordinates"),
    belief=0.8,
    source="https://www.rfc-editor.org/rfc/rfc5870",
    examples=("48.85661, 2.35222", "gps: 35.689252,51.389600", "at -33.86882 151.20929 since noon"),
    not_examples=("48.85, 2.35", "98.85661, 2.35222", "1.2345"),
)
