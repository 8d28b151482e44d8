"""The monthly bulletin: a mail to those who asked for it, and to nobody else. What the law requires never goes this way.

Who asked for it is known to the web alone (`amanat.web.bulletin`), which sends each issue and lets readers leave with one click.
"""

from amanat.notify.outlet import Artefact, Made, OutletType, Statement
from amanat.notify.sheet import sheet_of


def _make(statement: Statement) -> Made:
    artefacts = []
    for notice in statement.notices:
        language = notice.language
        sheet = sheet_of(notice, statement.company.notices_url, code=statement.code)
        content = f"{sheet.text()}\n".encode()
        artefacts.append(Artefact(name=f"{language}/bulletin.txt", media_type="text/plain; charset=utf-8", language=language, content=content))
    return artefacts, ()


OUTLET = OutletType(
    says="The monthly bulletin, by e-mail to those who asked for it.",
    audiences=("bulletin",),
    released_by="us",
    comes_by=("email",),
    make=_make,
    makes=("en/bulletin.txt", "fa/bulletin.txt"),
    source="https://www.rfc-editor.org/rfc/rfc8058",
    read_on="2026-11-22",
)
