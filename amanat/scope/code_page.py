"""Code page: which of the encodings from before Unicode a text is in, seen from which letters would be common in it.

None of them says so itself. Each candidate is judged by the share of its letters that are frequent in its languages.
"""

from itertools import groupby

_SAMPLE = 16 << 10

_WESTERN = "éèêëàâçùûîïôœæüäößñáíóúãõåøÉÈÊÀÂÇÜÄÖÑÁÍÓÚÅØ’‘“”„–—…€«»°§¡¿ºª·\u00a0£©®™•"
_CYRILLIC = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфієїґё"
_ARABIC = "اليمنرتودبهعسفكقحجشخصذضزطغثظءأإآؤئةىپچژگکیـ،؛؟٪۰۱۲۳۴۵۶۷۸۹ًٌٍَُِّْ\u200c\u200d\u00a0"
# Codec and the characters that are common in its languages; of equals the first is taken.
_PAGES = (
    ("cp1252", _WESTERN),
    ("cp850", _WESTERN),
    ("mac_roman", _WESTERN),
    ("cp1250", "ąćęłńóśźżáčďéěíňřšťúůýžäöüßőűăâîşţșțđĄĆĘŁŃÓŚŹŻÁČŘŠÚŽ–„”"),
    ("cp1254", "çğıöşüâîûÇĞİÖŞÜ’“”"),
    ("cp1255", "יהולאתרבמשנכםפקדחעןטגצסזךץף"),  # before Cyrillic, whose small letters have the same numbers but not its capitals
    ("cp1251", _CYRILLIC),
    ("koi8_r", _CYRILLIC),
    ("cp866", _CYRILLIC),
    ("iso8859_5", _CYRILLIC),
    ("cp1256", _ARABIC),
    ("iso8859_6", _ARABIC),
    ("cp1253", "αοιετσνηυρπκμλςωδγχθφάέήίόύώβξζψΑΕΟΙΝΤΣΡΚΛΜΠ"),
    ("cp874", "าานรอกเงมยลวดทส่้ัีิ์ุูะำโแไใปตคชขจบพผฟหถณธภซศษญฉ"),
)
_LATIN = {"cp1252", "cp850", "mac_roman", "cp1250", "cp1254"}


def code_page_of(head: bytes) -> str:
    """The codec that most likely gives back the letters of a text that is neither UTF-8 nor UTF-16.

    >>> code_page_of("Zoë Müller".encode("cp1252")), code_page_of("Саша из Москвы".encode("koi8_r")), code_page_of("佐藤さくら様".encode("cp932"))
    ('cp1252', 'koi8_r', 'cp932')
    """
    head = head[:_SAMPLE]
    high = bytes(c for c in head if c >= 0x80)
    if not high:
        return "cp1252"
    if east := _east_asian(head):
        return east
    in_runs = sum(len(list(run)) for is_high, run in ((k, list(g)) for k, g in groupby(head, lambda c: c >= 0x80)) if is_high and len(run) > 1)
    # Letters of other scripts stand together; accented ones stand alone between plain ones.
    is_other_script = in_runs > 0.6 * len(high)
    best, found = 0.0, "cp1252"
    for codec, common in _PAGES:
        if (codec in _LATIN) == is_other_script:
            continue
        text = high.decode(codec, "replace")
        share = sum(c in common or c.lower() in common for c in text) / len(text) + sum(c in common for c in text) / len(text)
        if share > best + 0.05:
            best, found = share, codec
    if is_other_script and best < 1.2:
        found = "cp1252"
    # Five bytes mean nothing in cp1252; Latin-1 takes them.
    return "latin-1" if found == "cp1252" and any(c in high for c in b"\x81\x8d\x8f\x90\x9d") else found


def _east_asian(head: bytes) -> str | None:
    """Japanese, Chinese or Korean in two bytes for a character: the ranges of first bytes hold the frequent ones."""
    found: dict[str, float] = {}
    for codec in ("cp932", "euc_jp", "gb18030", "big5", "cp949"):
        text = _decoded(head, codec)
        if text is None:
            continue
        runs = [len(list(run)) for is_wide, run in groupby(text, lambda c: c > "\x7f") if is_wide]
        wide = [c for c in text if c > "\x7f"]
        # Two bytes of Western text may look like one of these characters, but hardly ever two after one another.
        if len(wide) < 2 or sum(runs) / len(runs) < 1.7:
            continue
        found[codec] = sum(_is_frequent(c, codec) for c in wide) / len(wide)
    kana = {codec: _share_of_kana(_decoded(head, codec) or "") for codec in ("cp932", "euc_jp")}
    for codec in ("cp932", "euc_jp"):
        if found.get(codec, 0) >= 0.8 and kana[codec] >= 0.1:
            return codec
    if found.get("cp949", 0) >= 0.95:
        return "cp949"
    best = max(found, key=lambda codec: found[codec], default=None)
    return best if best is not None and found[best] >= 0.85 else None


def _decoded(head: bytes, codec: str) -> str | None:
    for cut in range(4):  # the sample may end inside a character
        try:
            return head[: len(head) - cut].decode(codec)
        except UnicodeDecodeError:
            continue
    return None


def _share_of_kana(text: str) -> float:
    wide = [c for c in text if c > "\x7f"]
    return sum("\u3040" <= c <= "\u30ff" for c in wide) / len(wide) if wide else 0.0


def _is_frequent(c: str, codec: str) -> bool:
    if "\u3000" <= c <= "\u3002" or "\uff01" <= c <= "\uff5e":
        return True  # their own blank, comma, stop and full-width letters
    try:
        first, second = (*c.encode(codec), 0)[:2]
    except UnicodeEncodeError:
        return False
    match codec:
        case "cp932":
            return first in (0x82, 0x83) or 0x88 <= first <= 0x97
        case "euc_jp":
            return first in (0xA4, 0xA5) or 0xB0 <= first <= 0xCF
        case "gb18030":
            return 0xB0 <= first <= 0xD7 and second >= 0xA1
        case "big5":
            return 0xA4 <= first <= 0xC6
    return 0xB0 <= first <= 0xC8 and second >= 0xA1
