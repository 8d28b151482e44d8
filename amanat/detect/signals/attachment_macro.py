"""An Office file with a program (macro) inside; worse when the program starts by itself."""

from collections.abc import Iterator
from functools import cache

from amanat.detect.attached import files_in
from amanat.detect.macros import macros_in
from amanat.detect.mail import Mail, Ours
from amanat.detect.signal import Sign, Signal, a_mail, a_mail_with

STARTS = "The file %(name)s carries a program that starts when it is opened (%(words)s)."
MACRO = "The file %(name)s carries a program (macro)."


def look(mail: Mail, ours: Ours) -> Iterator[Sign]:
    for file in files_in(mail):
        found = macros_in(file.content)
        if found is None:
            continue
        name = file.name[-80:]
        if found:
            yield Sign("hard", STARTS, {"name": name, "words": ", ".join(found)})
        else:
            yield Sign("strong", MACRO, {"name": name})


@cache
def _with_macro(program: str) -> bytes:
    from amanat.detect.macros import example_workbook

    return example_workbook(program)


SIGNAL = Signal(
    look=look,
    sentences=(STARTS, MACRO),
    source="https://learn.microsoft.com/en-us/openspecs/office_file_formats/ms-ovba/",
    examples=(
        a_mail_with("prices.xlsm", _with_macro("Sub Add()\nx = 1\nEnd Sub\n")),
        a_mail_with("old.xls", _with_macro('Sub Auto_Open()\nShell "x"\nEnd Sub\n')),
    ),
    not_examples=(a_mail(), a_mail_with("prices.xlsx", _with_macro(""))),
)
