"""The job that makes kits for controllers. The table is the truth: a job only says that somebody should look."""

from pathlib import Path
from uuid import UUID

from django.db import connection
from procrastinate import JobContext
from procrastinate.contrib.django import app

from amanat.terms.fact import facts_as_toml
from amanat.web import scratch, wishes
from amanat.web.assess import controllers
from amanat.web.assess.controllers_models import KitRun
from amanat.web.children import ask_amanat
from amanat.web.respond.models import KeysErased
from amanat.web.respond.queries import facts_that_count


@app.task(name="make_kits", queue="incidents", pass_context=True)
def make_kits(_context: JobContext | None, run_id: str) -> None:
    """Makes a kit for each controller in a process without our keys, and keeps them encrypted."""
    run = controllers.claim(UUID(run_id))
    if run is None:
        return  # done already, or somebody else is at it
    try:
        sentence = _made(run)
    except KeysErased:
        sentence = "the persons of this incident were erased, so its files are not read again"
    if sentence:
        controllers.fail(run, sentence)


@app.periodic(cron="* * * * *")
@app.task(name="sweep_kits", queue="sweep", queueing_lock="sweep_kits")
def sweep_kits(timestamp: int) -> None:
    """Gives wishes for kits that nobody works on a new chance."""
    wishes.ring_for_unfinished(KitRun, controllers.ring)


def _made(run: KitRun) -> str:
    """Takes the kits in; or the sentence that says what is missing."""
    run.incident.keys()  # erased persons are not read again

    def alive() -> None:
        wishes.is_alive(run)
        connection.close_if_unusable_or_obsolete()

    # Persons stand in these files in the clear: in a folder that is gone with us, however we end.
    with scratch.folder("kits") as folder:
        (folder / "facts.toml").write_text(facts_as_toml(facts_that_count(run.incident)), encoding="utf-8")
        out = folder / "out"
        arguments = ["assess", "controllers", str(Path(run.incident.folder)), "--out", str(out), "--facts", str(folder / "facts.toml")]
        named = controllers.named(run.incident)
        for name, row in controllers.told(run.incident).items():
            arguments += ["--told", f"{name}={row.told_at.isoformat()}"] if name in named else []
        code, answer = ask_amanat(arguments, while_waiting=alive)
        if code in (0, 1) and "kits" in answer:
            controllers.take_in(run, answer, out)
            return ""
    return str(answer.get("error") or f"the kits were not made (exit {code}); call `amanat assess controllers` on the folder to see why")
