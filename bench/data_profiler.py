"""DataProfiler as a peer, in a virtual environment of its own: it needs an older pyarrow than ours, and TensorFlow.

The environment (2.5 GB) is made once, in the folder for caches; without pip or the network there is no figure, and the table says so.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from amanat.lib import settings

PACKAGE = "dataprofiler[ml]==0.14.0"
INSTALL_SECONDS, RUN_SECONDS = 1200, 600
# Its model for free text, at its own defaults; the clock starts when it is loaded and has read one text.
_SCRIPT = """
import json, os, sys, time, warnings
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.filterwarnings("ignore")
import dataprofiler
texts = json.load(open(sys.argv[1], encoding="utf-8"))
labeler = dataprofiler.DataLabeler(labeler_type="unstructured")
labeler.predict(texts[:1])
began = time.process_time()
labeler.predict(texts)
print(json.dumps({"seconds": time.process_time() - began}))
"""


class NotRun(Exception):
    """Why there is no figure."""


def _python() -> Path:
    home = settings.data_folder() / "peers" / PACKAGE.replace("[ml]==", "-")
    python, ready = home / "bin" / "python", home / "ready"
    if ready.exists():
        return python
    base = Path(getattr(sys, "_base_executable", sys.executable))
    for command in (
        [base, "-m", "venv", "--without-pip", "--clear", home],
        [base, "-m", "pip", "--python", python, "--disable-pip-version-check", "--quiet", "install", PACKAGE],
    ):
        try:
            done = subprocess.run(list(map(str, command)), capture_output=True, timeout=INSTALL_SECONDS)
        except (OSError, subprocess.TimeoutExpired):
            raise NotRun("it could not be installed in time") from None
        if done.returncode:
            raise NotRun("it could not be installed: no pip, or no network")
    ready.touch()
    return python


def megabytes_per_second(texts: Sequence[str]) -> float:
    """Of one core's time, over these texts.

    Raises:
        NotRun: it cannot be installed or started here.
    """
    python = _python()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "texts.json"
        file.write_text(json.dumps(list(texts)), encoding="utf-8")
        try:
            done = subprocess.run([python, "-c", _SCRIPT, file], capture_output=True, text=True, timeout=RUN_SECONDS)
        except subprocess.TimeoutExpired:
            raise NotRun(f"it had not ended after {RUN_SECONDS} s") from None
    if done.returncode:
        raise NotRun("it ended with an error")
    seconds: float = json.loads(done.stdout.strip().splitlines()[-1])["seconds"]
    return sum(len(text.encode()) for text in texts) / 1e6 / seconds
