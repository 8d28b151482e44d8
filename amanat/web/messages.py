"""The sentences of the screens: finds them in code and templates, and brings the `.po` files up to date.

`python -m amanat.web.messages` adds new sentences with an empty translation, takes out those that nobody says any
more, and lists what is left to translate. Needs no gettext.
"""

import re
import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po

from amanat import assess, detect, notify
from amanat.terms.fact import fact_types
from amanat.web.languages import LANGUAGES, SOURCE

HERE = Path(__file__).parent
KEYWORDS = ["_", "_lazy", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"]
_IN_TEMPLATE = re.compile(r"""\b(?:gettext|_)\((u?)(?P<q>"{3}|'{3}|"|')(?P<text>.*?)(?<!\\)(?P=q)\)""", re.DOTALL)


def sentences() -> dict[str, list[str]]:
    """Every sentence that is to be translated, and the files that say it."""
    found: dict[str, list[str]] = {}
    for path in sorted(HERE.rglob("*.py")):
        if "migrations" not in path.parts and path != Path(__file__):
            for _line, _function, message, _comments in extract_python(BytesIO(path.read_bytes()), KEYWORDS, [], {}):
                for text in [message] if isinstance(message, str) else message or ():
                    if text:
                        found.setdefault(text, []).append(str(path.relative_to(HERE)))
    for path in sorted(HERE.rglob("*.html")):
        for text in _in_template(path):
            found.setdefault(text, []).append(str(path.relative_to(HERE)))
    # The questions that facts answer: the screens say them through `gettext`.
    for fact in fact_types().values():
        found.setdefault(fact.says, []).append("terms/facts.toml")
    # The reasons of alerts: the screens say them through `gettext`, with their details.
    for says in detect.sentences():
        found.setdefault(says, []).append("detect/signals")
    return found


def addressees() -> set[str]:
    """Whom the laws tell us to inform, and who takes a form. Their translation is a courtesy: a name without one stands as its file has it."""
    return {rule.who for law in assess.laws().values() for rule in law.duty} | {form.authority for form in notify.all_forms().values()}


def _in_template(path: Path) -> list[str]:
    """Sentences of `{% translate %}`, `{% blocktranslate %}` and `_("…")`, found by Django's own reader of templates."""
    from django.utils.translation.template import templatize

    text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    return [m["text"].encode("raw_unicode_escape").decode("unicode_escape") for m in _IN_TEMPLATE.finditer(text)]


def catalogue(language: str) -> Catalog:
    """The `.po` of a language; empty when there is none yet."""
    path = SOURCE / language / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return Catalog(locale=language, project="amanat")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> list[str]:
    """Brings one `.po` file up to date and returns the sentences that have no translation."""
    old, said = catalogue(language), sentences()
    new = Catalog(locale=language, project="amanat", charset="utf-8", fuzzy=False)
    said |= {text: ["assess/laws"] for text in addressees() if old.get(text) and text not in said}
    for text in sorted(said):
        known = old.get(text)
        new.add(text, string=_typeset(str(known.string), language) if known else "", locations=[(file, None) for file in sorted(set(said[text]))])
    path = SOURCE / language / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, new, width=0, omit_header=False, include_lineno=False)
    # Dates and tools in the header would change with every call.
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    dull = (
        '"POT-Creation-Date',
        '"PO-Revision-Date',
        '"Last-Translator',
        '"Generated-By',
        '"Report-Msgid',
        '"Language-Team',
        "# FIRST AUTHOR",
        "# Copyright",
    )
    path.write_text("".join(line for line in lines if not line.startswith(dull)), encoding="utf-8")
    return [m.id for m in new if m.id and not m.string]


def _typeset(text: str, language: str) -> str:
    """French puts a space that does not break before ? ! ; : and inside its quotation marks."""
    if language != "fr":
        return text
    return re.sub(r" ([:»])", "\u00a0\\1", re.sub(r"« ", "«\u00a0", re.sub("[ \u00a0]([?!;])", "\u202f\\1", text)))


if __name__ == "__main__":
    from amanat.web.start import django_ready

    django_ready()
    for code, _name in LANGUAGES[1:]:
        missing = update(code)
        sys.stdout.write(f"{code}: {len(missing)} sentences to translate\n" + "".join(f"  {text}\n" for text in missing))
