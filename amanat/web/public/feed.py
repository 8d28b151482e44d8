"""The status page as an Atom feed, for who wants to be told of changes without giving us an address."""

import re

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from amanat.web.public import queries

# XML has no word for them; a text pasted from a slide may hold one, and must not take the feed away.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def feed_of(language: str) -> str:
    """Every published text in this language, the newest first; the language must be active."""
    address = f"{settings.PUBLIC_URL}/{language}/"
    feed = Atom1Feed(title=_("What we know"), link=address, description="", language=language, feed_url=f"{address}feed.atom")
    updates = [update for story in queries.stories(language) for update in (story.now, *story.before)]
    for update in sorted(updates, key=lambda one: one.at, reverse=True):
        parts = [(_("What changed"), update.changed), ("", update.known), (_("What we do not know yet"), update.unknown)]
        parts.append((_("What we are doing"), update.doing))
        feed.add_item(
            title=f"{update.company}: {update.at:%Y-%m-%d}".removeprefix(": "),
            link=f"{address}#{update.id}",
            unique_id=f"urn:uuid:{update.id}",
            description=_NOT_IN_XML.sub(" ", "\n\n".join(f"{heading}\n{text}".strip() for heading, text in parts if text)),
            updateddate=update.at,
            author_name=update.company,
        )
    return str(feed.writeString("utf-8"))
