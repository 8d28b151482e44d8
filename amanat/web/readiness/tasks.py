"""Jobs of the worker: ask the DNS and our web pages; run a drill."""

import shutil
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from amanat.lib.errors import Fixable
from amanat.web.languages import LANGUAGES
from amanat.web.readiness import queries
from amanat.web.readiness.models import DrillRow, LookRow

N_PERSONS = 500  # enough for every kind of file, and done in a minute or two


@app.task(name="look_at_controls", queue="readiness")
def look() -> None:
    """Asks what the controls ask about our domains and pages, and keeps the answers."""
    from amanat import prepare

    sheet = queries.newest_sheet()
    company = queries.company_of(sheet)
    if sheet is None or company is None:
        return  # nobody has said whose domains they are
    selectors = tuple(sheet.content.get("dkim", {}).get("selectors", ()))
    LookRow.objects.create(answers=prepare.ask_outside(company, selectors=selectors), at=timezone.now())


@app.task(name="run_drill", queue="readiness")
def drill(drill_id: str) -> None:
    """Runs the practice story once and keeps its score; the case itself is thrown away."""
    from amanat import drill as drilling
    from amanat import prepare

    row = DrillRow.objects.filter(pk=UUID(drill_id), state="asked").first()
    if row is None:
        return  # somebody else is at it, or it is over
    DrillRow.objects.filter(pk=row.pk).update(state="running")
    home = settings.DATA / "drills" / str(row.pk)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        story = drilling.practise(home, persons=N_PERSONS, seed=row.asked_at.toordinal(), at=row.asked_at)
        done = drilling.run(story, home / "case")
        score = prepare.score_drill(done)
        row.score = prepare.report_drill(done, score, "json")
        row.words = {language: prepare.report_drill(done, score, "rows", language=language) for language, _name in LANGUAGES}
        row.state = "done"
    except Fixable as error:
        row.state, row.why = "failed", str(error)
    except BaseException as error:
        row.state, row.why = (
            "failed",
            f"An error of the program ({type(error).__name__}). Run the drill again; if it happens again, show this line to whoever runs amanat.",
        )
        raise
    finally:
        row.ended_at = timezone.now()
        row.save()
        shutil.rmtree(home, ignore_errors=True)
