"""JSON: one document, or one value after another (JSON Lines, NDJSON).

The elements of a main list are records, wherever the list stands under the top; nested objects are flattened to dotted labels
("address.city", "phones.0"). A JSON line is one record. A document is streamed, so its size does not matter.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from amanat.scope.encoding import blocks, encoding_of
from amanat.scope.reader import Context, Fields, Hole, Read, Reader, Rows, joined
from amanat.scope.record import FIELD
from amanat.scope.source import Damaged, Source, TooMuch

_BLANK = re.compile(r"[ \t\r\n]*")
_BEGINS = re.compile(r"\s*(\{\s*(\"|\}|$)|\[\s*([\[{\"\d\]tfn-]|$))")
_DEEPEST = 200


def _object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; a name that stands in it twice, as some logs write, has all its values."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    every: dict[str, list[Any]] = {}
    for name, value in pairs:
        every.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in every.items()}


# Numbers stay as they were written: 0012 is no JSON, but 1.10 and 12345678901234567890 would change.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str, strict=False, object_pairs_hook=_object_of)


def looks(source: Source) -> float:
    head = source.peek()
    name = encoding_of(head)
    if name is None:
        return 0.0
    text = head.decode(name, "ignore").lstrip("\ufeff \t\r\n")
    if not _BEGINS.match(text):
        return 0.0
    try:
        _DECODER.raw_decode(text)
        return 0.9
    except RecursionError:
        return 0.5
    except json.JSONDecodeError as error:
        # The head may end inside the value; what is broken earlier is something else: a log that begins with "[…]".
        return 0.9 if len(head) >= 4096 and error.pos > len(text) * 0.3 else 0.3 if text.startswith(('{"', '[{"', "[\n", "{\n")) else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    head = source.peek().decode(encoding_of(source.peek()) or "utf-8", "ignore").lstrip("\ufeff \t\r\n")
    first, _, behind = head.partition("\n")
    parts = blocks(source, record_bytes=context.limits.record_bytes)
    if _is_line(first.strip(), is_alone=not behind.strip()):
        yield from _lines(parts)
    else:
        yield from _Document(parts, context).records()


def _is_line(line: str, *, is_alone: bool) -> bool:
    """Whether the first line is a record among others; a document on one line may hold a list of records."""
    if not line.startswith("{"):
        return False
    try:
        value = _DECODER.decode(line)
        return not (is_alone and _has_records(value))
    except (json.JSONDecodeError, RecursionError):
        return False


# --- JSON Lines ----------------------------------------------------------------------------------------------------------


def _lines(parts: Iterator[bytes]) -> Iterator[Read]:
    """A line is a record. Lines that are no JSON stay as they are: nothing is lost."""
    decode = _DECODER.raw_decode
    for part in parts:
        runs = _Runs(part.decode())
        for line in runs.text.split("\n"):
            if not line:
                continue
            try:
                value, end = decode(line)
            except (json.JSONDecodeError, RecursionError):
                if not line.strip():
                    continue
                try:
                    value, end = decode(line, _BLANK.match(line).end())  # type: ignore[union-attr]
                except (json.JSONDecodeError, RecursionError):
                    value, end = line, len(line)
            runs.add(value, rest=line[end:] if end < len(line) and line[end:].strip() else "")
        yield from runs.take()


class _Runs:
    """Records with the same labels one after another, gathered into columns."""

    def __init__(self, text: str = "", place: str = "") -> None:
        self.text, self.place = text, place
        # An escape can bring in a FIELD, a NUL or half a character.
        self.is_plain = "\\u00" not in text and "\\ud" not in text and "\\uD" not in text
        self._labels: list[str] = []
        self._texts: list[list[str]] = []
        self.n_characters = 0

    def add(self, value: Any, rest: str = "") -> None:
        try:
            if not self.is_plain:
                raise TypeError
            one, label = FIELD.join(value.values()), FIELD.join(value)  # all values are text: the most common case
        except (TypeError, AttributeError):
            names, values = flat(value)
            # Without escapes no value can hold a FIELD: blocks replace it.
            one, label = (FIELD.join(values), FIELD.join(names)) if self.is_plain else (joined(values), joined(names))
        if rest:
            one += FIELD + rest
        if not self._labels or label != self._labels[-1]:
            self._labels.append(label)
            self._texts.append([])
        self._texts[-1].append(one)
        self.n_characters += len(one)

    def take(self) -> Iterator[Read]:
        for label, texts in zip(self._labels, self._texts, strict=True):
            yield Rows(pa.array(texts, pa.large_string()), label, self.place)
        self._labels, self._texts, self.n_characters = [], [], 0


def flat(value: Any, name: str = "") -> tuple[list[str], list[str]]:
    """Labels and values of everything inside.

    >>> flat({"name": "Sara", "address": {"city": "Lyon"}, "phones": ["1", "2"], "ok": True, "left": None})
    (['name', 'address.city', 'phones.0', 'phones.1', 'ok', 'left'], ['Sara', 'Lyon', '1', '2', 'true', ''])
    """
    names: list[str] = []
    values: list[str] = []
    _flatten(value, name, names, values, 0)
    return names, values


def _flatten(value: Any, name: str, names: list[str], values: list[str], depth: int) -> None:
    if isinstance(value, (dict, list)):
        if depth > _DEEPEST:
            raise RecursionError
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            below = f"{name}.{key}" if name else str(key)
            if type(inner) is str:
                names.append(below)
                values.append(inner)
            else:
                _flatten(inner, below, names, values, depth + 1)
    else:
        names.append(name)
        values.append(value if isinstance(value, str) else "" if value is None else "true" if value else "false")


# --- documents -----------------------------------------------------------------------------------------------------------


class _Document:
    """Walks through a document with only a window of it in memory."""

    def __init__(self, parts: Iterator[bytes], context: Context) -> None:
        self._parts, self._text, self._at, self._most = parts, "", 0, context.limits.held_bytes
        self._is_over, self._has_escapes = False, False

    def records(self) -> Iterator[Read]:
        while self._peek():
            try:
                yield from self._value("", 0)
            except json.JSONDecodeError:
                yield Hole(
                    "Its JSON breaks off or is not well formed at one place.",
                    "Look at its end: it may be cut off. What follows the place was read as text.",
                )
                yield from self._as_text()

    def _more(self) -> bool:
        """Widens the window; False at the end of the file."""
        part = next(self._parts, None)
        if part is None:
            self._is_over = True
            return False
        self._text = self._text[self._at :] + part.decode()
        self._has_escapes = "\\u" in self._text
        self._at = 0
        return True

    def _peek(self) -> str:
        while True:
            self._at = _BLANK.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _decode(self, most: int) -> Any:
        """The next value as a whole, if it takes no more than `most` characters."""
        self._peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
                if end < len(self._text) or self._is_over:  # a number could go on
                    self._at = end
                    return value
                error: Exception | None = None
            except json.JSONDecodeError as problem:
                error = problem
            if len(self._text) - self._at > most:
                raise error or json.JSONDecodeError("too long", "", 0)
            if not self._more():
                if error:
                    raise error
                self._is_over = True

    def _take(self, wanted: str) -> None:
        if self._peek() not in wanted or not self._peek():
            raise json.JSONDecodeError("unexpected", "", 0)
        self._at += 1

    def _value(self, name: str, depth: int) -> Iterator[Read]:
        kind = self._peek()
        if kind == "[":
            yield from self._list(name)
        elif kind == "{" and depth < 8:
            yield from self._object(name, depth)
        else:
            yield _record(self._decode(self._most), name)

    def _list(self, name: str) -> Iterator[Read]:
        self._take("[")
        runs = _Runs(place=f"list {name}" if name else "")
        try:
            while self._peek() != "]":
                runs.is_plain = not self._has_escapes
                runs.add(self._decode(self._most))
                if runs.n_characters > 1 << 20:
                    yield from runs.take()
                if self._peek() != ",":
                    break
                self._at += 1
            self._take("]")
        except (json.JSONDecodeError, RecursionError, Damaged, TooMuch):
            yield from runs.take()
            raise
        yield from runs.take()

    def _object(self, name: str, depth: int) -> Iterator[Read]:
        """Lists of objects become records of their own; everything else is one record of the object."""
        self._take("{")
        labels: list[str] = []
        values: list[str] = []
        while self._peek() != "}":
            key = self._decode(self._most)
            if not isinstance(key, str):
                raise json.JSONDecodeError("no key", "", 0)
            self._take(":")
            below = f"{name}.{key}" if name else key
            if self._peek() in "[{" and self._holds_records():
                yield from self._value(below, depth + 1)
            else:
                names, texts = flat(self._decode(self._most), key)
                labels += names
                values += texts
            if self._peek() != ",":
                break
            self._at += 1
        if values:
            yield Fields(values, labels, f"object {name}" if name else "")
        self._take("}")

    def _holds_records(self) -> bool:
        """Whether the value ahead is a list of objects or an object around one; looked up in the window only."""
        while len(self._text) - self._at < 4096 and self._more():
            pass
        ahead = self._text[self._at : self._at + (1 << 20)]
        if re.match(r"\[\s*\{", ahead):
            return True
        if ahead[0] == "[":
            return False
        try:
            value, _ = _DECODER.raw_decode(ahead)
        except json.JSONDecodeError:
            return True  # larger than a record would be
        return _has_records(value)

    def _as_text(self) -> Iterator[Read]:
        while True:
            rest = self._text[self._at :]
            yield from (Fields([line.strip()]) for line in rest.split("\n") if line.strip(" \t,[]{}"))
            self._at = len(self._text)
            if not self._more():
                return


def _has_records(value: Any) -> bool:
    if isinstance(value, list):
        return any(isinstance(inner, dict) for inner in value)
    return isinstance(value, dict) and any(_has_records(inner) for inner in value.values())


def _record(value: Any, place: str) -> Fields:
    names, values = flat(value)
    return Fields(values, names if any(names) else (), place)


def examples() -> Sequence[bytes]:
    return (
        b'{"name":"Sara","address":{"city":"Lyon"}}\n{"name":"Omid","phones":["+44 7700 900123"]}\n',
        b'[{"name": "Sara", "born": "1980-02-01"},\n {"name": "Omid"}]',
        b'{"made": "2026-03-06", "guests": [{"name": "Sara"}, {"name": "Omid"}]}',
        '{"نام": "سارا"}\n'.encode("utf-16"),
    )


def not_examples() -> Sequence[bytes]:
    return (b"[2026-03-06 18:00] login of sara\n", b"{not json at all\n", b"name,email\n")


READER = Reader(
    says="JSON, JSON Lines",
    looks=looks,
    read=read,
    suffixes=(".json", ".jsonl", ".ndjson", ".geojson"),
    source="https://www.rfc-editor.org/rfc/rfc8259",
    examples=examples,
    not_examples=not_examples,
)
