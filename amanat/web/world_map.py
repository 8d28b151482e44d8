"""The outlines of countries and of the states of the US, as they stand in `assess/world.json`: where they come from, and how to make them anew.

`python -m amanat.web.world_map` fetches the locked releases with `npm pack` and writes the file. Nobody needs npm to install or run amanat.
The geometry is Natural Earth's and the US Census Bureau's, both in the public domain; world-atlas and us-atlas (ISC) package it.
"""

import itertools
import json
import math
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.core import get_global

from amanat.terms.places import COUNTRIES, SUBDIVISIONS, subdivision_name

TARGET = Path(__file__).parent / "assess" / "world.json"
PACKAGES = {"world-atlas": "2.0.2", "us-atlas": "3.0.1"}
WIDTH, HEIGHT = 1000, 487  # of the world; Equal Earth is 2.05 times as wide as high
SOUTH = 445  # below lies Antarctica alone
US_WIDTH, US_HEIGHT, US_SCALE = 500, 312, 500 / 975
FINE = 10  # units of the file to one of the drawing, so that whole numbers are fine enough
WITHOUT = {"AQ"}  # nobody lives there
# Longitude and latitude of places that the outlines count as a part of another country, or leave out.
ELSEWHERE = {"GF": (-53, 4), "GP": (-61.5, 16.2), "MQ": (-61, 14.6), "RE": (55.5, -21.1), "YT": (45.2, -12.8), "BQ": (-68.3, 12.2)}
ELSEWHERE |= {"GI": (-5.4, 36.1), "TV": (179.2, -8.5), "TK": (-171.8, -9.2), "CX": (105.6, -10.5), "CC": (96.8, -12.2), "SJ": (16, 78.5)}
Point = tuple[float, float]
Ring = list[Point]


def project(longitude: float, latitude: float) -> Point:
    """Equal Earth (Šavrič, Patterson, Jenny 2018): areas keep their size, so that a count does not look larger in the north.

    >>> project(0, 0), project(180, 0)
    ((500.0, 243.5), (1000.0, 243.5))
    """
    a = (1.340264, -0.081106, 0.000893, 0.003796)
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    bend = a[0] + 3 * a[1] * t**2 + t**6 * (7 * a[2] + 9 * a[3] * t**2)
    x = math.radians(longitude) * math.cos(t) / (math.sqrt(3) / 2 * bend)
    y = t * (a[0] + a[1] * t**2 + t**6 * (a[2] + a[3] * t**2))
    whole = math.pi / (math.sqrt(3) / 2 * a[0])
    return WIDTH / 2 + x / whole * WIDTH / 2, HEIGHT / 2 - y / whole * WIDTH / 2


def rings(topology: dict[str, Any], name: str) -> Iterator[tuple[dict[str, Any], list[Ring]]]:
    """Each geometry of a TopoJSON collection with its rings, in the units of the file."""
    scale, move = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs: list[Ring] = []
    for arc in topology["arcs"]:
        x = y = 0
        points: Ring = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale[0] + move[0], y * scale[1] + move[1]))
        arcs.append(points)
    for geometry in topology["objects"][name]["geometries"]:
        polygons = {"Polygon": lambda g: [g["arcs"]], "MultiPolygon": lambda g: g["arcs"]}.get(geometry["type"], lambda _g: [])(geometry)
        yield geometry, [_joined(ring, arcs) for polygon in polygons for ring in polygon]


def _joined(ring: list[int], arcs: list[Ring]) -> Ring:
    points: Ring = []
    for index in ring:
        part = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += part[1:] if points else part
    return points


def path(rings_: list[Ring], *, least: float, step: float) -> str:
    """The rings as a short SVG path; what is smaller than `least` and nearer than `step` is left out, and the largest ring always stays."""
    largest = max(rings_, key=_area)
    parts = []
    for ring in rings_:
        if ring is not largest and _area(ring) < least:
            continue
        kept: list[Point] = []
        for x, y in ring:
            if not kept or math.hypot(x - kept[-1][0], y - kept[-1][1]) >= step:
                kept.append((x, y))
        whole = [(round(x * FINE), round(y * FINE)) for x, y in kept]
        if len(whole) > 2:
            steps = (f"{x - x0} {y - y0}" for (x0, y0), (x, y) in itertools.pairwise(whole))
            parts.append(f"M{whole[0][0]} {whole[0][1]}l" + " ".join(steps).replace(" -", "-") + "z")
    return "".join(parts)


def cut(ring: Ring) -> list[Ring]:
    """A ring of longitudes and latitudes, in two parts where it crosses the edge of the map."""
    whole: Ring = []
    for longitude, latitude in ring:
        turn = round((whole[-1][0] - longitude) / 360) * 360 if whole else 0
        whole.append((longitude + turn, latitude))
    east, west = max(x for x, _y in whole) > 180, min(x for x, _y in whole) < -180
    if not east and not west:
        return [whole]
    turned = -360 if east else 360
    return [_clipped([(x + by, y) for x, y in whole]) for by in (0, turned)]


def _clipped(ring: Ring) -> Ring:
    """What of a ring lies on the map, and the two points at its edge between which it is cut."""
    inside = [abs(x) < 180 for x, _y in ring]
    n = len(ring)
    kept = [point for i, point in enumerate(ring) if inside[i] or inside[i - 1] or inside[(i + 1) % n]]
    return [(min(max(x, -180), 180), y) for x, y in kept]


def _area(ring: Ring) -> float:
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True))) / 2


def _middle(ring: Ring) -> list[float]:
    return [round(sum(x for x, _y in ring) / len(ring) * FINE), round(sum(y for _x, y in ring) / len(ring) * FINE)]


def countries(coarse: dict[str, Any], fine: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Code -> outline, and the middle of its largest part; of countries too small for an outline the middle alone."""
    codes = {number: names[0] for number, names in get_global("territory_aliases").items() if number.isdecimal()}
    found: dict[str, dict[str, Any]] = {}
    for topology, has_outline in ((coarse, True), (fine, False)):
        for geometry, given in rings(topology, "countries"):
            code = codes.get(str(geometry.get("id", "")).zfill(3), "XK" if geometry["properties"]["name"] == "Kosovo" else "")
            if code not in COUNTRIES or code in WITHOUT or code in found or not given:
                continue
            projected = [[project(*point) for point in part] for ring in given for part in cut(ring)]
            found[code] = {"at": _middle(max(projected, key=_area))} | ({"d": path(projected, least=1.2, step=1.1)} if has_outline else {})
    for code, place in ELSEWHERE.items():
        found.setdefault(code, {"at": _middle([project(*place)])})
    return dict(sorted(found.items()))


def states(topology: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Code -> outline of each state of the US, in the Albers projection of the file with Alaska and Hawaii below."""
    codes = {subdivision_name(code, "en"): code for code in SUBDIVISIONS if code.startswith("US-")}
    found = {}
    for geometry, given in rings(topology, "states"):
        code = codes.get(geometry["properties"]["name"])
        if code and given:
            scaled = [[(x * US_SCALE, y * US_SCALE) for x, y in ring] for ring in given]
            found[code] = {"at": _middle(max(scaled, key=_area)), "d": path(scaled, least=2, step=1.4)}
    return dict(sorted(found.items()))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        read: dict[str, Any] = {}
        for package, version in PACKAGES.items():
            done = subprocess.run(["npm", "pack", "--silent", f"{package}@{version}"], cwd=folder, check=True, capture_output=True, text=True)
            with tarfile.open(Path(folder) / done.stdout.strip().splitlines()[-1]) as archive:
                for member in ("countries-110m", "countries-50m", "states-albers-10m"):
                    if f"package/{member}.json" in archive.getnames():
                        file = archive.extractfile(f"package/{member}.json")
                        assert file is not None
                        read[member] = json.load(file)
    made = {
        "source": "Natural Earth 4.1 (public domain) by world-atlas 2.0.2 (ISC); US Census Bureau 2017 (public domain) by us-atlas 3.0.1 (ISC)",
        "size": [WIDTH * FINE, SOUTH * FINE],
        "countries": countries(read["countries-110m"], read["countries-50m"]),
        "us_size": [US_WIDTH * FINE, US_HEIGHT * FINE],
        "states": states(read["states-albers-10m"]),
    }
    TARGET.write_text(json.dumps(made, ensure_ascii=False, separators=(",", ":")).replace('},"', '},\n"') + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
