"""The job that prepares the demonstration, in a process of its own: its clock is moved, and nobody else's may be."""

import signal
import subprocess
import sys

from procrastinate import JobContext
from procrastinate.contrib.django import app

from amanat.lib import settings as outside
from amanat.web import demo
from amanat.web.children import die_with_parent

LOOK_SECONDS = 0.5


@app.task(name="tell_demo", queue="demo", pass_context=True)
def tell_demo(context: JobContext) -> None:
    """Does what is missing of the demonstration; who stops amanat stops it as well."""
    child = subprocess.Popen(
        [sys.executable, "-m", "amanat.web.demo.told"],
        env=outside.environment(),
        stdin=subprocess.DEVNULL,
        preexec_fn=die_with_parent(signal.SIGKILL),
    )
    while child.poll() is None:
        if context.should_abort():
            child.kill()
        try:
            child.wait(timeout=LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            continue
    if child.returncode > 0:
        demo.note_step("failed")
        raise RuntimeError(f"the demonstration could not be prepared (exit {child.returncode}); the lines above say why")
