"""XML: each element that comes again and again is a record, with everything inside it under dotted labels.

How deep the records lie is seen from the beginning of the file. Entities of the file's own are not resolved, nothing is fetched.
"""

import contextlib
import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from xml.parsers import expat

from amanat.scope.encoding import blocks, codec_of, encoding_of
from amanat.scope.reader import Context, Fields, Hole, Read, Reader
from amanat.scope.source import Source
from amanat.scope.web_text import seen

_DECLARED = re.compile(r"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)[\"']")
_ROOT = re.compile(r"(?s)(?:<\?.{0,4000}?\?>\s*|<!--.{0,8000}?-->\s*|<!DOCTYPE\s[^>\[]*(?:\[.{0,60000}?\]\s*)?>\s*)*<([A-Za-z_][\w.:-]*)[\s/>]")
_HTML = {"html", "head", "body", "table", "div", "p", "span", "br"}
# Control characters that XML does not allow, and exports have all the same.
_ALLOWED = bytes(c if c >= 32 or c in b"\t\n" else 32 for c in range(256))
# <field name="email">…</field>: the attribute names the value, not the element.
_NAMED = {"field", "column", "col", "property", "entry", "item", "param", "attribute", "data", "value", "string", "cell"}
_DEEPEST = 500


def looks(source: Source) -> float:
    name = encoding_of(source.peek())
    if name is None or b"<" not in source.peek(4096).replace(b"\0", b""):
        return 0.0
    head = source.peek().decode(name, "ignore").lstrip("\ufeff \t\r\n")
    if not head.startswith("<") or not (found := _ROOT.match(head)) or found[1].lower() in _HTML:
        return 0.0
    if head.startswith("<?xml"):
        return 0.88
    try:
        expat.ParserCreate("utf-8").Parse(head.encode("utf-8", "replace"), False)
    except expat.ExpatError as error:
        return 0.5 if error.offset > len(head) // 4 else 0.0
    return 0.8 if f"</{found[1]}>" in head or head.count("<") > 3 else 0.3


def read(source: Source, context: Context) -> Iterator[Read]:
    guessed = encoding_of(source.peek()) or "utf-8"
    head = source.peek().decode(guessed, "ignore")
    declared = _DECLARED.search(head[:1000])
    is_wide = guessed.startswith(("utf-16", "utf-32"))
    # Programs know what they write, but for those that say UTF-16 in a file of bytes.
    name = guessed if is_wide or not declared or declared[1].lower().startswith(("utf-16", "utf-32")) else codec_of(declared[1]) or guessed
    tree = _Tree(_record_depth(head), context.limits.record_bytes)
    parser = tree.parser()
    parts = blocks(source, name=name, record_bytes=context.limits.record_bytes)
    problem = ""
    for part in parts:
        if not tree.n_parsed:
            part = part.lstrip()  # a blank line above the declaration would be an error
        try:
            parser.Parse(part.translate(_ALLOWED), False)
        except expat.ExpatError:
            problem = "It is not well formed at one place; what follows the place was read as text."
        except _Forbidden:
            problem = "It declares entities of its own, as XML bombs do; what follows was read as text."
        yield from tree.take()
        if problem:
            behind = part[max(parser.CurrentByteIndex - tree.n_parsed, 0) :]
            yield from _as_text(behind)
            break
        tree.n_parsed += len(part)
    else:
        try:
            parser.Parse(b"", True)
        except (expat.ExpatError, _Forbidden):
            problem = "It breaks off: its last elements are not closed."
    tree.end()
    yield from tree.take()
    if problem:
        for part in parts:
            yield from _as_text(part)
        yield Hole(problem, "Look at its end: it may be cut off. If not, mend it in an editor and scan it again.")


def _as_text(part: bytes) -> Iterator[Read]:
    for line in seen(part.decode("utf-8", "replace")).split("\n"):
        if line.strip():
            yield Fields([line])


class _Forbidden(Exception):
    """The XML declares entities: exports do not, bombs do."""


def _forbid(*_: object) -> None:
    raise _Forbidden


def _record_depth(head: str) -> int:
    """How many elements a record lies deep: the least depth where elements with something inside come more than once; 0 for none."""
    path: list[str] = []
    seen_at: Counter[tuple[str, ...]] = Counter()
    has_parts: set[tuple[str, ...]] = set()

    def begin(name: str, attributes: dict[str, str]) -> None:
        if 0 < len(path) < 12:
            has_parts.add(tuple(path))
        path.append(name)
        if len(path) < 12:
            seen_at[tuple(path)] += 1
            if len(attributes) > 1:
                has_parts.add(tuple(path))

    parser = expat.ParserCreate("utf-8")
    parser.UseForeignDTD(True)
    parser.StartElementHandler, parser.EndElementHandler = begin, lambda _: path.pop()
    parser.EntityDeclHandler = _forbid
    with contextlib.suppress(expat.ExpatError, _Forbidden):  # up to there is enough
        parser.Parse(head.lstrip("\ufeff \t\r\n").encode("utf-8", "replace").translate(_ALLOWED), False)
    depths = [len(where) for where, n in seen_at.items() if n > 1 and where in has_parts]
    return min(depths, default=0)


class _Tree:
    """Gathers records while the elements go by."""

    def __init__(self, depth: int, most: int) -> None:
        self._depth, self._most, self.n_parsed = depth, most, 0
        self._path: list[str] = []
        self._names: list[str] = []  # labels of the open elements
        self._text: list[str] = []
        self._labels: list[str] = []
        self._values: list[str] = []
        self._outer: tuple[list[str], list[str]] = ([], [])
        self._n_held = 0
        self._ready: list[Fields] = []

    def parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate("utf-8")
        parser.UseForeignDTD(True)  # an entity that nobody declared (&nbsp;) is passed over instead of an error
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._begin, self._end
        parser.CharacterDataHandler = self._text.append
        parser.SkippedEntityHandler = lambda name, _is_parameter: self._text.append(html.unescape(f"&{name};"))
        parser.EntityDeclHandler = _forbid
        return parser

    def take(self) -> list[Fields]:
        ready, self._ready = self._ready, []
        return ready

    def end(self) -> None:
        """What stands outside all records, and the record that is not closed."""
        self._keep_text()
        self._emit()
        if self._outer[0]:
            self._ready.append(Fields(self._outer[1], self._outer[0]))
            self._outer = ([], [])

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._keep_text()
        plain = name.rpartition(":")[2]
        self._path.append(plain)
        if len(self._path) == self._depth:
            self._flush_outer()
        label = plain
        if plain.lower() in _NAMED and (given := attributes.get("name") or attributes.get("key")):
            label = given
        self._names.append(label)
        for key, value in attributes.items():
            if value and value != label and not key.startswith(("xmlns", "xsi:")):
                self._add(key.rpartition(":")[2], value)
        if len(self._path) > _DEEPEST:
            raise expat.ExpatError("nested too deeply")

    def _end(self, _name: str) -> None:
        self._keep_text()
        if len(self._path) == self._depth:
            self._emit()
        self._path.pop()
        self._names.pop()

    def _keep_text(self) -> None:
        if self._text:
            text = "".join(self._text).strip()
            self._text.clear()
            if text and self._names:
                self._add("", text)

    def _add(self, key: str, value: str) -> None:
        is_inside = self._depth and len(self._path) >= self._depth
        names = self._names[self._depth :] if is_inside else self._names[1:]
        label = ".".join([*names, key] if key else names) or key or self._names[-1]
        labels, values = (self._labels, self._values) if is_inside else self._outer
        labels.append(label)
        values.append(value)
        self._n_held += len(value)
        if self._n_held > self._most:
            self._emit() if is_inside else self._flush_outer()

    def _emit(self) -> None:
        if self._values:
            above = ".".join(self._names[1 : self._depth - 1])
            self._ready.append(Fields(self._values, self._labels, f"element {above}" if above else ""))
            self._labels, self._values, self._n_held = [], [], 0

    def _flush_outer(self) -> None:
        # A little about the file as a whole is kept together; what stands between lists is not held for ever.
        if sum(map(len, self._outer[1])) > self._most // 4:
            self._ready.append(Fields(self._outer[1], self._outer[0]))
            self._outer = ([], [])


def examples() -> Sequence[bytes]:
    return (
        b'<?xml version="1.0"?>\n<export made="2026-03-06"><guests><guest id="1"><name>Sara</name><address><city>Lyon</city></address></guest>'
        b'<guest id="2"><name>Omid</name></guest></guests></export>',
        '<?xml version="1.0" encoding="windows-1256"?><a><b>سارا</b></a>'.encode("cp1256"),
        b"<rows><row name='Sara' born='1980-02-01'/>\n<row name='Omid' born=''/></rows>",
    )


def not_examples() -> Sequence[bytes]:
    return (b"<p>Dear Sara</p>", b"<sara@example.org> wrote:\n> hello\n", b"1 < 2\n")


READER = Reader(
    says="XML",
    looks=looks,
    read=read,
    suffixes=(".xml", ".kml", ".gpx", ".rss", ".atom", ".plist", ".svg"),
    source="https://www.w3.org/TR/xml/",
    examples=examples,
    not_examples=not_examples,
)
