"""One incident, 100,000 persons and about 200 MB: wall time and peak memory of `amanat run`."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

AMANAT = Path(sys.executable).parent / "amanat"
N_PERSONS = 100_000


def size_mb(folder: Path) -> float:
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 1e6


def measure() -> list[dict[str, str]]:
    with tempfile.TemporaryDirectory() as temporary:
        story, out = Path(temporary) / "story", Path(temporary) / "out"
        subprocess.run([AMANAT, "prepare", "company", story, "--persons", str(N_PERSONS), "--seed", "1"], check=True, capture_output=True)
        heap = size_mb(story / "files")
        # A plain copy of every byte is the floor: no program that reads the files can be quicker.
        began = time.monotonic()
        for path in sorted((story / "files").rglob("*")):
            if path.is_file():
                path.read_bytes()
        floor = time.monotonic() - began
        began = time.monotonic()
        process = subprocess.Popen([AMANAT, "run", story, "--out", out, "--format", "json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert process.stdout is not None
        printed = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        assert status == 0, printed[-500:]
        keys = json.loads(printed)
    return [
        {
            "what": f"amanat run, {N_PERSONS:,} persons, {heap:.0f} MB ({keys['persons']:,} found): wall",
            "ours": f"{wall:.1f} s",
            "peer": "only reading the bytes",
            "theirs": f"{floor:.1f} s",
            "ratio": "",
        },
        {"what": "  its peak memory (largest process)", "ours": f"{usage.ru_maxrss / 1024:,.0f} MB", "peer": "", "theirs": "", "ratio": ""},
    ]
