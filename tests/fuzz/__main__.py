"""Runs the fuzz target for some seconds and says what came of it; after a find it goes on. `python -m tests.fuzz [seconds]`."""

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_OPTIONS = ("-timeout=60", "-rss_limit_mb=6000", "-max_len=32768", "-print_final_stats=1", "-len_control=0")


def main(seconds: int) -> int:
    """0 when nothing was found, 1 otherwise."""
    home = Path(tempfile.gettempdir()) / "amanat-fuzz"
    finds = home / "finds"
    finds.mkdir(parents=True, exist_ok=True)
    ends_at = time.monotonic() + seconds
    n_runs, n_restarts = 0, 0
    before = _found(finds)
    while (left := int(ends_at - time.monotonic())) > 5:
        log = home / "log.txt"
        with log.open("wb") as out:
            options = [f"-artifact_prefix={finds}/", f"-max_total_time={min(left, 900)}", *_OPTIONS]
            subprocess.run([sys.executable, "-m", "tests.fuzz.readers", str(home / "corpus"), *options], stdout=out, stderr=out, check=False)
        said = log.read_text(errors="replace")
        counted = re.findall(r"stat::number_of_executed_units:\s*(\d+)", said) or re.findall(r"^#(\d+)\s", said, re.MULTILINE) or ["0"]
        n_runs += int(counted[-1])
        n_restarts += 1
        new = sorted(_found(finds) - before)
        print(f"{n_runs:,} files read, {len(new)} finds, {int(ends_at - time.monotonic())} s left", flush=True)
        if new:
            (home / f"log-{n_restarts}.txt").write_text(said)
        if counted == ["0"] and not new:
            print(said[-3000:])
            return 1
    n_children = len([*(home / "children").iterdir()]) if (home / "children").exists() else 0
    n_finds = len(_found(finds) - before)
    print(f"{n_runs:,} files read in {seconds} s; finds: {n_finds} in {finds}; children that died over a file: {n_children}")
    return int(bool(n_finds))


def _found(folder: Path) -> set[Path]:
    """Crashes, hangs and hunger; inputs that are merely slow under the instruments are kept too, but are no finds."""
    return {path for path in folder.iterdir() if not path.name.startswith("slow-unit")}


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 60))
