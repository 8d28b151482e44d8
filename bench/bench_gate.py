"""The honesty gate on 345 passages in three languages, invented by somebody who had not seen the gate: what it finds, what it stops for nothing.

`gate_sentences.json`: bad ones name the checks that should object, honest ones come near to bad ones. A passage stands alone, so what is
missing from a whole letter does not count. When they were first read by the gate (2026-11-23) 150 of 195 bad ones were found and 11 of
150 honest ones stopped; seven of those eleven were mended afterwards. Who betters the gate by these passages should write new ones.

    python -m bench bench_gate
"""

import json
from collections import Counter
from pathlib import Path
from time import process_time

PASSAGES = Path(__file__).parent / "gate_sentences.json"
LANGUAGES = {"en": "English", "fr": "French", "fa": "Persian"}


def measure() -> list[dict[str, str]]:
    from amanat.notify.gate import check_text

    n: Counter[tuple[str, bool]] = Counter()
    hit: Counter[tuple[str, bool]] = Counter()
    began = process_time()
    passages = json.loads(PASSAGES.read_text(encoding="utf-8"))
    for one in passages:
        # A finding without a quotation is about what is missing.
        is_subject = "discreet_subject" in one["asks_for"]
        found = check_text("", one["language"], subject=one["says"]) if is_subject else check_text(one["says"], one["language"])
        objected = {finding.check for finding in found if finding.quote}
        which = one["language"], bool(one["asks_for"])
        n[which] += 1
        hit[which] += bool(objected & set(one["asks_for"]) if one["asks_for"] else objected)
    each = (process_time() - began) / len(passages)
    rows = [
        {
            "what": f"the gate on sentences of a stranger, {name}: bad ones found",
            "ours": f"{hit[code, True] / n[code, True]:.0%}",
            "peer": f"honest ones stopped: {hit[code, False] / n[code, False]:.0%}",
            "theirs": "",
            "ratio": "",
        }
        for code, name in LANGUAGES.items()
    ]
    return [*rows, {"what": "  each", "ours": f"{1000 * each:.1f} ms", "peer": "", "theirs": "", "ratio": ""}]
