"""The first words and the last, as an update for the status page begins with them; and by when the first should be said."""

from datetime import datetime, timedelta

from amanat import notify
from amanat.lib.errors import Fixable
from amanat.terms.notice import Notice
from amanat.web.languages import LANGUAGES
from amanat.web.notify.models import ApprovalRow, StatementRow
from amanat.web.notify.queries import company_of, facts_of
from amanat.web.public.models import StatusUpdate
from amanat.web.respond.models import Incident
from amanat.web.respond.queries import as_facts, newest_facts

# Which sections of the text stand in which part of an update.
PARTS_OF = {
    "holding": {"known": ("what_happened", "apology", "what_you_do"), "unknown": ("what_we_do_not_know",), "doing": ()},
    "closing": {
        "known": ("what_happened", "apology", "what_we_learned"),
        "unknown": ("what_we_do_not_know",),
        "doing": ("what_we_changed", "how_we_help", "next_update"),
    },
}
WITHIN = timedelta(hours=1)  # of the declaration: then somebody should have said something
NEXT_AFTER = timedelta(hours=4)  # what the first words promise, unless somebody chooses another moment


def words_of(incident: Incident, which: str, *, now: datetime) -> dict[str, dict[str, str]]:
    """The text by language and part, to be read and changed before anybody publishes it; empty without a company."""
    try:
        facts = {**facts_of(incident), **as_facts(newest_facts(incident))}
        made = notify.compose(facts, company_of(incident), now=now, audience=which, languages=[tag for tag, _name in LANGUAGES])
    except (Fixable, OSError):
        made = []
    return {one.language: {part: _said(one, ids) for part, ids in PARTS_OF[which].items()} | {"changed": ""} for one in made}


def next_at(now: datetime) -> datetime:
    """A full hour that somebody who was just woken can keep."""
    return (now + NEXT_AFTER + timedelta(minutes=59)).replace(minute=0, second=0, microsecond=0)


def first_words_by(incident: Incident) -> datetime | None:
    """By when something should be said in public; None once it was, and for an incident that is closed."""
    is_said = (
        StatusUpdate.objects.filter(incident=incident).exclude(published_at=None).exists()
        or ApprovalRow.objects.filter(incident=incident).exclude(filled_at=None).exists()
        or StatementRow.objects.filter(incident=incident).exclude(released_at=None).exists()
    )
    return None if is_said or not incident.is_open else incident.declared_at + WITHIN


def _said(notice: Notice, ids: tuple[str, ...]) -> str:
    """Sections as paragraphs; a list has a line for each item."""
    sections = {section.id: section for section in notice.sections}
    parts = []
    for name in ids:
        if name in sections:
            lines = [f"– {one.text}" if one.is_item else one.text for one in sections[name].sentences]
            parts.append("\n".join(lines))
    return "\n\n".join(parts)
