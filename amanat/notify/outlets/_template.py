"""One sentence: what this outlet is, and in which form it carries a statement."""

from amanat.notify.outlet import Artefact, Made, OutletType, Statement
from amanat.notify.sheet import sheet_of


def _make(statement: Statement) -> Made:
    # One file or more for each language. What the outlet would not take comes back as findings (`outlet.objection`).
    artefacts = [
        Artefact(
            name=f"xx_name.{notice.language}.txt",
            media_type="text/plain; charset=utf-8",
            language=notice.language,
            content=sheet_of(notice, statement.company.notices_url, code=statement.code).text().encode(),
        )
        for notice in statement.notices
    ]
    return artefacts, ()


OUTLET = OutletType(
    says="What it is, as staff read it.",
    audiences=("public",),  # whose notice it carries: the first of which there is one
    released_by="hand",  # "us" only where amanat itself puts it before people
    comes_by=("site",),
    make=_make,
    makes=("xx_name.en.txt", "xx_name.fa.txt"),  # of a statement in English and Persian
    source="https://…",  # the standard or manual it follows
    read_on="2026-01-01",  # when you read it
)
