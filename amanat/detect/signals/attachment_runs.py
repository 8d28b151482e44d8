"""An attached file that runs a program when it is opened, or hides that it does."""

import re
from collections.abc import Iterator

from amanat.detect.attached import Inside, files_in, suffix
from amanat.detect.mail import Mail, Ours
from amanat.detect.signal import Sign, Signal, a_mail, a_mail_with

DOUBLE = "The file %(name)s shows one ending and has another: opened, it runs a program."
PROGRAM = "The file %(name)s is a program."
PAGE = "The file %(name)s is a web page, which can copy a log-in page on your own machine."
BACKWARDS = "The name of the file %(name)s is turned around to hide its ending."
OTHER = "The file %(name)s says to be %(declared)s, but is a program."

PROGRAMS = frozenset(
    "exe scr com pif bat cmd ps1 vbs vbe js jse wsf wsh hta lnk msi msp jar cpl reg dll iso img vhd vhdx chm scf url appx application one xll".split()
)
PAGES = frozenset("html htm shtml xhtml svg mht mhtml".split())
_HARMLESS = frozenset("pdf doc docx xls xlsx ppt pptx txt jpg jpeg png gif csv zip mp3 mp4".split())


def look(mail: Mail, ours: Ours) -> Iterator[Sign]:
    for file in files_in(mail):
        yield from _look_at(file)


def _look_at(file: Inside) -> Iterator[Sign]:
    says = {"name": _shown(file.name)}
    if re.search("[\u202e\u202d\u2067]", file.name):
        yield Sign("hard", BACKWARDS, says)
    parts = [p.strip().lower() for p in file.name.split(".")]
    last = suffix(file.name)
    is_program = file.content[:2] == b"MZ" or file.content[:4] == b"\x7fELF"
    if last in PROGRAMS | PAGES and any(p in _HARMLESS for p in parts[1:-1]):
        yield Sign("hard", DOUBLE, says)
    elif last in PROGRAMS:
        yield Sign("strong", PROGRAM, says)
    elif is_program:
        yield Sign("hard", OTHER, {**says, "declared": last or file.type})
    elif last in PAGES or file.type == "text/html":
        yield Sign("weak", PAGE, says)


def _shown(name: str) -> str:
    return "".join(c for c in name if c.isprintable())[-80:] or "?"


SIGNAL = Signal(
    look=look,
    sentences=(DOUBLE, PROGRAM, PAGE, BACKWARDS, OTHER),
    source="https://attack.mitre.org/techniques/T1036/007/",
    examples=(
        a_mail_with("invoice.pdf.exe", b"MZ"),
        a_mail_with("invoice.scr", b"x"),
        a_mail_with("invoice.pdf", b"MZ\x90\x00"),
        a_mail_with("login.html", b"<form>"),
    ),
    not_examples=(a_mail(), a_mail_with("invoice.pdf", b"%PDF-1.7"), a_mail_with("my.trip.to.lyon.jpg", b"\xff\xd8\xff")),
)
