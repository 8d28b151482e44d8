"""The sheet for the telephone: what agents may say, what they do not say, and how they find out who is calling.

Attackers who hold the stolen data call too. So what was stolen never proves who is calling; the sheet names these kinds of data.
"""

from dataclasses import replace

from amanat.notify.outlet import Artefact, Made, OutletType, Statement
from amanat.notify.paper import Paper, papers
from amanat.notify.sheet import Block, Part, outlet_words, sheet_of
from amanat.wording.language import Words

# Nobody is asked for them on the telephone, however they are called.
NOT_NAMED = frozenset(("service", "name"))


def _make(statement: Statement) -> Made:
    artefacts = []
    for notice in statement.notices:
        words = outlet_words(notice.language)
        sheet = sheet_of(notice, statement.company.notices_url, code=statement.code)
        paper = Paper(
            sheet=replace(sheet, parts=(*_before(words, statement, is_for_agents=notice.audience == "agent"), *sheet.parts)),
            company=statement.company,
            kind=words.say(words.outlets["script"]),
            lead=(
                words.say(words.outlets["script_agents"]),
                words.say(words.outlets["script_as_of"], moment=words.moment(statement.at, statement.zone)),
            ),
            tail=(),
            at=statement.at,
        )
        artefacts += [
            Artefact(name=name, media_type=media_type, language=notice.language, content=content)
            for name, media_type, content in papers("call-script", paper)
            if not name.endswith(".docx")  # a sheet that agents can change is not the sheet that two people signed
        ]
    return artefacts, ()


def _before(words: Words, statement: Statement, *, is_for_agents: bool) -> tuple[Part, ...]:
    """How to find out who is calling, and what is not said. A notice that was written for agents says a part of it in its own words."""
    say = words.outlets
    named = [_within(words.kinds[kind].name) for kind in statement.kinds if kind in words.kinds and kind not in NOT_NAMED]
    never = words.say(say["script_never_ask"], kinds=words.listed(named)) if named else words.say(say["script_never_ask_unknown"])
    caller = [never, words.say(say["script_ask_code"], url=statement.company.notices_url), words.say(say["script_call_back"])]
    silent = ["no_promise", "no_blame", "no_data"]
    if not is_for_agents:
        caller.append(words.say(say["script_not_asked"]))
        silent = ["no_guess", *silent, "press"]
    return (
        Part("verify_caller", words.say(say["script_caller"]), (Block(tuple(caller), is_list=True, is_ranked=True),)),
        Part("not_to_say", words.say(say["script_not_say"]), (Block(tuple(words.say(say[f"script_{name}"]) for name in silent), is_list=True),)),
    )


def _within(name: str) -> str:
    """The name of a kind as it stands within a sentence.

    >>> _within("E-mail address"), _within("IBAN")
    ('e-mail address', 'IBAN')
    """
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


OUTLET = OutletType(
    says="The sheet for the telephone: what agents say, what they do not say, and how they find out who is calling.",
    audiences=("agent", "holding", "public", "press"),
    released_by="hand",
    comes_by=("call",),
    make=_make,
    makes=("call-script.en.html", "call-script.en.pdf", "call-script.fa.html", "call-script.fa.pdf"),
    source="https://www.iso.org/standard/64599.html",
    read_on="2026-11-22",
)
