"""Posts: a statement as a thread for one network, split where sentences end, each post as long as that network counts it.

They are drafts: amanat logs in to no network. A person of ours copies them, or hands the file to the tool that the house uses.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from amanat.notify.outlet import Artefact, Made, Picture, Statement, objection
from amanat.notify.sheet import Sheet, outlet_words, press_line, sheet_of
from amanat.terms.notice import Finding
from amanat.wording.language import Words

URL = re.compile(r"https?://[^\s<>\"،؛]*[^\s<>\"،؛.,;:!?)»]")
URL_COUNTS = 23  # on networks that shorten every link, however long it is
LONG_THREAD = 8  # hardly anybody reads on
# What a post says of a statement; the rest stands where the first post leads. A statement without any of these is said as a whole.
POSTED = ("what_happened", "what_you_do", "next_update")


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How one network counts."""

    name: str  # of its files
    length_max: int
    length: Callable[[str], int]
    bytes_max: int = 0  # of one post, where that is limited too
    pictures_max: int = 4
    alt_max: int = 1000  # characters that describe one picture
    examples: tuple[tuple[str, int], ...]  # texts and how long they are


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands together, and what parts it from the piece before."""

    before: str
    text: str


def graphemes(text: str) -> int:
    """Characters as people see them: a letter with its marks, or a family of emoji, is one.

    >>> graphemes("می‌شود"), graphemes("👩‍👩‍👧")
    (5, 1)
    """
    from icu4py.breakers import CharacterBreaker

    return sum(1 for _ in CharacterBreaker(text, "en"))


def graphemes_of(text: str) -> list[str]:
    """The same characters, one by one."""
    from icu4py.breakers import CharacterBreaker

    return [str(one) for one in CharacterBreaker(text, "en")]


def with_links_as(n: int, text: str) -> str:
    """The text with each link replaced by so many characters, as networks count that shorten links."""
    return URL.sub("x" * n, text)


def draft_posts(statement: Statement, network: Network) -> Made:
    """A thread in each language as text to copy and as JSON, the pictures, and what is against it."""
    artefacts: list[Artefact] = []
    findings: list[Finding] = []
    for notice in statement.notices:
        words = outlet_words(notice.language)
        posts, cut = thread(sheet_of(notice, statement.company.notices_url, code=statement.code), statement, words, network)
        where = notice.language
        findings += [_cut_finding(sentence, network, where) for sentence in cut]
        findings += _too_long(posts, network, where)
        if len(posts) > LONG_THREAD:
            says = f"{len(posts)} posts in a row; hardly anybody reads on after the first few, so the first must say what matters"
            findings.append(objection("thread", says, where=where, is_blocking=False))
        alts = [(picture, picture.alt.get(notice.language, "").strip()) for picture in statement.pictures]
        findings += _picture_findings(alts, network, where)
        artefacts.append(_text(network, words, posts, alts))
        artefacts.append(_json(network, words, posts, alts))
    artefacts += pictures_of(statement)
    return artefacts, findings


# ---- the thread ----


def thread(sheet: Sheet, statement: Statement, words: Words, network: Network) -> tuple[list[str], list[str]]:
    """The posts in their order, and the sentences that were too long for one post and had to be cut.

    The first post holds the title and where everything stands, so that it is true alone; the code stands at the end. Each carries its number.
    """
    pieces = list(_pieces(sheet, statement, words))
    whole = _joined(pieces)
    if _fits(whole, network, 0):
        return [whole], []
    room = network.length(_number(words, 99, 99)) + 1
    rows: list[list[Piece]] = [[]]
    cut: list[str] = []
    for piece in pieces:
        if _fits(_joined([*rows[-1], piece]), network, room):
            rows[-1].append(piece)
            continue
        if rows[-1]:
            rows.append([])
        if not _fits(piece.text, network, room):
            cut.append(piece.text)
        parts = list(_cut(piece.text, network, room))
        rows[-1].append(Piece("", parts[0]))
        rows += [[Piece("", part)] for part in parts[1:]]
    posts = [_joined(row) for row in rows]
    return [f"{post}\n{_number(words, n, len(posts))}" for n, post in enumerate(posts, 1)], cut


def _pieces(sheet: Sheet, statement: Statement, words: Words) -> Iterator[Piece]:
    yield Piece("", f"{sheet.title}\n{words.say(words.outlets['post_all'], url=statement.url)}")
    told = [part for part in sheet.parts if part.id in POSTED] or [part for part in sheet.parts if part.id != "is_this_real"]
    for part in told:
        lead = f"{part.heading}\n" if part.heading else ""
        for block in part.blocks:
            for at, line in enumerate(block.lines):
                if block.is_list:
                    yield Piece("\n\n" if lead else "\n", f"{lead}• {line}")
                    lead = ""
                    continue
                for n, sentence in enumerate(sentences(line, words.language.tag)):
                    yield Piece("\n\n" if lead or (not at and not n) else " ", lead + sentence)
                    lead = ""
    if for_press := press_line(statement.company, words):
        yield Piece("\n\n", for_press)
    yield Piece("\n\n", words.say(words.outlets["post_check"], code=statement.code, url=statement.company.notices_url))


def sentences(text: str, language: str) -> list[str]:
    """The sentences of a paragraph; nothing of it is lost.

    >>> sentences("We closed it. You need not act.", "en")
    ['We closed it.', 'You need not act.']
    """
    from icu4py.breakers import SentenceBreaker

    return [one for one in (str(part).strip() for part in SentenceBreaker(text, language)) if one]


def _joined(pieces: Sequence[Piece]) -> str:
    return "".join((piece.before if n else "") + piece.text for n, piece in enumerate(pieces))


def _fits(text: str, network: Network, room: int) -> bool:
    if network.bytes_max and len(text.encode()) + 4 * room > network.bytes_max:
        return False
    return network.length(text) + room <= network.length_max


def _cut(text: str, network: Network, room: int) -> Iterator[str]:
    """The text in parts that fit: cut between words, and a word that is longer than a post between its characters."""
    rest = text
    while rest and not _fits(rest, network, room):
        part = ""
        for word in re.findall(r"\S+\s*", rest):
            if not _fits((part + word).rstrip(), network, room):
                break
            part += word
        if not part:
            for character in graphemes_of(rest):
                if not _fits(part + character, network, room):
                    break
                part += character
        part = part or graphemes_of(rest)[0]
        yield part.rstrip()
        rest = rest[len(part) :].lstrip()
    if rest:
        yield rest


def _number(words: Words, n: int, total: int) -> str:
    return words.say(words.outlets["post_n"], n=n, total=total)


# ---- what is against it ----


def _cut_finding(sentence: str, network: Network, where: str) -> Finding:
    says = f"one sentence is longer ({network.length(sentence):,}) than a post of {network.length_max:,} and was cut between words"
    return objection("length", says, where=where, quote=sentence, rewrite="Say it in two sentences.", is_blocking=False)


def _too_long(posts: Sequence[str], network: Network, where: str) -> list[Finding]:
    # The splitting sees to it; this says so when a rule of a network was written down wrongly.
    return [
        objection("length", f"post {n} counts {network.length(post):,} of {network.length_max:,}", where=where, quote=post)
        for n, post in enumerate(posts, 1)
        if network.length(post) > network.length_max or (network.bytes_max and len(post.encode()) > network.bytes_max)
    ]


def _picture_findings(alts: Sequence[tuple[Picture, str]], network: Network, where: str) -> list[Finding]:
    made = []
    if len(alts) > network.pictures_max:
        says = f"{len(alts)} pictures; the network takes {network.pictures_max}"
        made.append(objection("pictures", says, where=where, rewrite="Leave some out."))
    made += undescribed(alts, where)
    for picture, alt in alts:
        if len(alt) > network.alt_max:
            says = f"the description of {picture.name} has {len(alt):,} characters; the network takes {network.alt_max:,}"
            made.append(objection("alt_text", says, where=where, quote=alt))
    return made


def undescribed(alts: Sequence[tuple[Picture, str]], where: str) -> list[Finding]:
    """An objection to each picture that nobody described in this language."""
    rewrite = "Say what the picture shows, and repeat any words that stand in it."
    return [
        objection(
            "alt_text",
            f"the picture {picture.name} is not described in this language, so whoever cannot see it learns nothing",
            where=where,
            rewrite=rewrite,
        )
        for picture, alt in alts
        if not alt
    ]


# ---- files ----


def _text(network: Network, words: Words, posts: Sequence[str], alts: Sequence[tuple[Picture, str]]) -> Artefact:
    made = [f"--- {n}/{len(posts)} · {network.length(post)}/{network.length_max} ---\n{post}" for n, post in enumerate(posts, 1)]
    made += [words.say(words.outlets["picture"], n=n, alt=alt or "?") for n, (_picture, alt) in enumerate(alts, 1)]
    language = words.language.tag
    name = f"{network.name}.{language}.txt"
    return Artefact(name=name, media_type="text/plain; charset=utf-8", language=language, content=("\n\n".join(made) + "\n").encode())


def _json(network: Network, words: Words, posts: Sequence[str], alts: Sequence[tuple[Picture, str]]) -> Artefact:
    language = words.language.tag
    body = {
        "network": network.name,
        "language": language,
        "posts": [{"text": post, "length": network.length(post), "length_max": network.length_max} for post in posts],
        "pictures": [{"file": picture.name, "alt": alt} for picture, alt in alts],
    }
    content = (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()
    return Artefact(name=f"{network.name}.{language}.json", media_type="application/json", language=language, content=content)


def pictures_of(statement: Statement) -> list[Artefact]:
    """The pictures and films as they are handed out beside the text."""
    return [
        Artefact(name=one.name, media_type=_media_type(one.name), language="", content=one.content, shows=dict(one.alt)) for one in statement.pictures
    ]


def _media_type(name: str) -> str:
    return {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp", "mp4": "video/mp4"}.get(
        name.rpartition(".")[2].lower(), "application/octet-stream"
    )


def nfc(text: str) -> str:
    """The text in one spelling of letters with marks (NFC), in which networks count."""
    return unicodedata.normalize("NFC", text)
