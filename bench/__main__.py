"""`./run bench [NAME …]`: runs the measurements and prints one table, ours beside the peer's."""

import importlib
import json
import sys
from pathlib import Path

from amanat.lib.table import table

HERE = Path(__file__).parent


def main() -> int:
    names = sys.argv[1:] or sorted(p.stem for p in HERE.glob("bench_*.py"))
    rows = []
    for name in names:
        module = importlib.import_module(f"bench.{name if name.startswith('bench_') else 'bench_' + name}")
        print(f"measuring: {(module.__doc__ or '').splitlines()[0]}", file=sys.stderr, flush=True)
        rows += module.measure()
    print(
        table(
            ["what", "ours", "peer", "peer's figure", "ratio"],
            [[r["what"], r["ours"], r["peer"], r["theirs"], r["ratio"]] for r in rows],
            right=[1, 3, 4],
        )
    )
    (HERE / "last.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
