"""Header: which row of a table names its columns. Titles may stand above it, and there may be none."""

import re
from collections.abc import Sequence

# Words that name columns, in the languages of the wording; only their beginnings are compared.
_WORDS = tuple(
    (
        "name nom prénom prenom vorname nachname apellido sobrenome given family first last full e-mail email e_mail mail courriel correo "
        "phone tel mobile móvil address adresse dirección endereço street rue straße city ville stadt ciudad zip postal plz country pays land "
        "país birth born dob naissance geburt nacimiento nascimento date datum fecha id nr no number numéro nummer número user login password "
        "passwort mot contraseña senha pass iban card carte karte tarjeta cartão account compte konto cuenta ssn nir cpf passport passeport note "
        "comment room chambre guest client customer kunde cliente amount total status type loyalty language langue sprache "
        "نام شماره ایمیل رایانامه تلفن موبایل همراه نشانی آدرس شهر کشور تاریخ تولد کد ملی گذرنامه کارت حساب شبا رمز گذرواژه یادداشت اتاق مهمان مشتری"
    ).split()
)
_TYPED = re.compile(r"@|\d{4}|^\s*[-+]?[\d.,\s/:%€$£()-]*\d[\d.,\s/:%€$£()-]*$")
_LOOK_AT = 30


def find_header(rows: Sequence[Sequence[str]]) -> int | None:
    """Position of the header among the first rows; None when the table begins with data.

    >>> find_header([["Guests of July"], ["Name", "Born"], ["Sara", "1980-02-01"]])
    1
    >>> find_header([["Sara", "1980-02-01"], ["Omid", "1981-05-09"]])
    """
    rows = rows[:_LOOK_AT]
    widths = [sum(bool(cell.strip()) for cell in row) for row in rows]
    filled = sorted(width for width in widths if width)
    if not filled:
        return None
    usual = filled[len(filled) // 2]
    for at, row in enumerate(rows):
        # A title is narrower than the table; a row of totals is not expected above it.
        if widths[at] >= max(2, 0.6 * usual) or (widths[at] and usual == 1):
            return at if _is_header(row, rows[at + 1 :]) else None
    return None


def _is_header(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    cells = [cell.strip() for cell in row if cell.strip()]
    if len(cells) > 1 and not any("@" in cell for cell in cells) and sum(map(is_known, cells)) >= max(2, len(cells) / 2):
        return True  # "address 2", "sales 2024"
    if any(_TYPED.search(cell) or len(cell) > 60 or "\n" in cell.strip() for cell in cells):
        return False
    if len(cells) > 1 and len({cell.lower() for cell in cells}) < 0.7 * len(cells):
        return False
    n_known = sum(is_known(cell) for cell in cells)
    if n_known >= max(1, len(cells) / 4):
        return True
    # Unknown words are a header when they are unlike what stands below them.
    typed_below = sum(any(_TYPED.search(r[i]) for r in below if i < len(r)) for i, cell in enumerate(row) if cell.strip())
    return len(cells) > 1 and typed_below > 0


def is_known(cell: str) -> bool:
    """Whether a cell holds a word that names columns.

    >>> is_known("guest_email"), is_known("Johnson")
    (True, False)
    """
    parts = re.split(r"[\s_./()\u200c-]+|(?<=[a-z])(?=[A-Z])", cell.strip())
    words = [part.lower() for part in parts if part] + [cell.strip().lower()]
    return any(word == known or (len(known) > 3 and word.startswith(known) and len(word) <= len(known) + 4) for word in words for known in _WORDS)


def labels_of(row: Sequence[str]) -> list[str]:
    """The header's cells as labels, on one line each."""
    return [" ".join(cell.split()) for cell in row]
