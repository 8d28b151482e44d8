"""RTF text: the words of an RTF document without its marks."""

from striprtf.striprtf import rtf_to_text


def text_of_rtf(data: bytes) -> str:
    """The text of an RTF document, cells of tables parted by `|`."""
    # RTF is ASCII by itself; letters beyond it are written as escapes in a code page that the file names.
    return rtf_to_text(data.decode("latin-1"), errors="replace").replace("\x00", "").strip()
