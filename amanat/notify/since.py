"""What changed since the message that a person read last: a section of its own at the top of the next one.

Two persons who last read different versions read different sections. It is taken from what both messages say: a sentence that
rests on a fact which changed stands there as it was written then and as it is now; numbers thus stand old beside new.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from amanat import wording
from amanat.terms.notice import Notice, Section, Sentence

SECTION = "what_changed"
# A quotation of what we sent: it was judged when it was sent, and what is true now stands beside it.
SAID_BEFORE = "said_before"
MARK = "-since-"

# What is about one reader's own data, their next steps, or the message itself is no news of the case; when we write again has its own section.
_NOT_NEWS = ("readers", "what_you_do", "whom_to_ask", "is_this_real", SECTION)
_OWN_SECTION = frozenset(("next_update", "counsel_on_apology", "insurer_on_apology", "insurer_told"))

_Key = tuple[str, ...]


def since(new: Notice, read: Notice, *, key: str, changed: Collection[str] | None = None) -> Notice | None:
    """The message for those who last read `read`, under a letter group of its own; None where nothing changed for them.

    Args:
        key: tells the versions apart, in the name of the group: "eu" becomes "eu-since-KEY".
        changed: names of facts with another value or status than then; None: whatever the two say differently.
    """
    section = changes(new, read, changed=changed)
    if section is None:
        return None
    group = f"{base_group(new.letter_group)}{MARK}{key}"
    top = tuple(one for one in new.sections if one.id == "readers")
    rest = tuple(one for one in new.sections if one.id not in ("readers", SECTION))
    return replace(new, id=f"{group}.{new.language}", letter_group=group, sections=(*top, section, *rest))


def changes(new: Notice, read: Notice, *, changed: Collection[str] | None = None) -> Section | None:
    """The section alone; None where both say the same."""
    assert new.language == read.language, "what was read is quoted in the language in which it was read"
    words = wording.words(new.language)
    then, now = _told(read), _told(new)

    def say(name: str, sentence: Sentence, *, is_quote: bool = False) -> Sentence:
        text = words.say(words.text[name], said=sentence.text)
        return replace(sentence, text=text, facts=(SAID_BEFORE,) if is_quote else sentence.facts, is_item=True)

    items: list[Sentence] = []
    for facts in dict.fromkeys((*now, *then)):
        if changed is not None and not set(facts) & set(changed):
            continue
        old = [one for one in then.get(facts, []) if one.text not in {other.text for other in now.get(facts, [])}]
        fresh = [one for one in now.get(facts, []) if one.text not in {other.text for other in then.get(facts, [])}]
        for at in range(max(len(old), len(fresh))):
            if at < len(old) and at < len(fresh):
                items += [say("since_before", old[at], is_quote=True), say("since_now", fresh[at])]
            elif at < len(fresh):
                items.append(say("since_new", fresh[at]))
            else:
                items.append(say("since_gone", old[at], is_quote=True))
    if not items:
        return None
    intro = Sentence(text=words.say(words.text["since_intro"]))
    return Section(id=SECTION, heading=words.say(words.headings[SECTION]), sentences=(intro, *items))


def base_group(letter_group: str) -> str:
    """The letter group of law, whatever its readers read before.

    >>> base_group("eu-since-3fa4b21c"), base_group("us-ca")
    ('eu', 'us-ca')
    """
    return letter_group.partition(MARK)[0]


def _told(notice: Notice) -> Mapping[_Key, list[Sentence]]:
    """What a notice says of the case, by the facts it rests on."""
    found: dict[_Key, list[Sentence]] = {}
    for sentence in _sentences(notice):
        # How many and whose they are is counted beside the fact that it is about.
        facts = tuple(name for name in sentence.facts if name != "exposures") or sentence.facts
        found.setdefault(facts, []).append(replace(sentence, text=_alone(sentence.text)))
    return found


def _alone(text: str) -> str:
    """A sentence that led up to a list, as it stands without the list.

    >>> _alone("The attackers copied these data of yours:")
    'The attackers copied these data of yours.'
    """
    return text.rstrip(" :\u00a0\u202f") + "." if text.endswith(":") else text


def _sentences(notice: Notice) -> Iterator[Sentence]:
    for section in notice.sections:
        for sentence in section.sentences:
            is_own = sentence.facts == ("exposures",) and bool(sentence.kinds)
            if section.id not in _NOT_NEWS and sentence.facts and not is_own and not set(sentence.facts) & _OWN_SECTION:
                yield sentence
