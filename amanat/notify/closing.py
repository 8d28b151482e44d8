"""The last letter to each person who was told: what was learned and done, which promises were kept, and what stays.

Its words are those of the audience `told`; as a letter it greets the person, carries their code, and is planned, approved by two and
sent like every other. Who was told, and what reached them, the ledger knows (`amanat.web.notify.following`).
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from amanat import wording
from amanat.notify.audience import audience_named
from amanat.notify.outside import Case, Outside
from amanat.terms.company import Company
from amanat.terms.fact import Fact
from amanat.terms.notice import Notice, Sentence

AUDIENCE = "told"
GROUP = "last_letter"  # no letter group of law: whoever was told gets it, wherever they live


def closing_letters(
    facts: Mapping[str, Fact], company: Company, *, now: datetime, languages: Collection[str], case: Case | None = None, is_easy: bool = False
) -> list[Notice]:
    """The letter in each language, formal or easy; it holds nothing that is about one person alone.

    Args:
        case: what was counted, and the public promises of the incident as they stand.
    """
    tags = [wording.easy(tag) if is_easy else tag for tag in languages]
    return [_letter(Outside(audience_named(AUDIENCE), case or Case(), facts, company, wording.words(tag), now), tag) for tag in tags]


def _letter(writer: Outside, tag: str) -> Notice:
    made = writer.notice(tag)
    # Who may be beside the person is named as in the first letter, and the code stands where its reader looks for it.
    sections = [writer.readers(), *(writer.is_this_real() if one.id == "is_this_real" else one for one in made.sections)]
    return replace(
        made,
        id=f"{GROUP}.{tag}",
        letter_group=GROUP,
        audience="individuals",
        greeting=writer.say("greeting"),
        other_greetings=tuple(Sentence(text=writer.say(f"greeting_{reader}"), readers=(reader,)) for reader in ("nameless", "guardian", "family")),
        sections=tuple(one for one in sections if one.sentences),
    )
