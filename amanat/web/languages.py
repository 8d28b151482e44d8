"""The languages of the screens, and their compiled words.

`.po` files are the source and the only thing in the repository; the compiled `.mo` files are made in the data folder
whenever a `.po` is newer, by Babel, so that no gettext needs to be installed.
"""

import hashlib
import os
import tempfile
from pathlib import Path

SOURCE = Path(__file__).parent / "locale"
# In their own words, never translated.
LANGUAGES = [("en", "English"), ("fr", "Français"), ("fa", "فارسی")]


def compile_stale(data: Path) -> Path:
    """Compiles every `.po` that has changed, and returns the folder for LOCALE_PATHS."""
    target = data / "cache" / "locale"
    for source in sorted(SOURCE.glob("*/LC_MESSAGES/django.po")):
        content = source.read_bytes()
        mo = target / source.relative_to(SOURCE).with_suffix(".mo")
        stamp = mo.with_suffix(".sha256")
        wanted = hashlib.sha256(content).hexdigest()
        if mo.exists() and stamp.exists() and stamp.read_text() == wanted:
            continue
        # Imported here, because most starts find everything compiled.
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        mo.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as po, tempfile.NamedTemporaryFile(dir=mo.parent, delete=False) as part:
            write_mo(part, read_po(po))
        os.replace(part.name, mo)
        stamp.write_text(wanted)
    return target
