"""Cells of tables that people open in a spreadsheet program."""

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection).
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def inert(text: str) -> str:
    """The text as a spreadsheet shows it and does not run it: an apostrophe before what could be a formula.

    >>> inert("=HYPERLINK(1)"), inert("+33 1 99 00 12 34"), inert("Sara")
    ("'=HYPERLINK(1)", "'+33 1 99 00 12 34", 'Sara')
    """
    return "'" + text if text.startswith(_STARTS) or text.lstrip().startswith(_STARTS) else text
