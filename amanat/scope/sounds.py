"""Sounds: one spelling for a name however it is written, in Latin or in Persian and Arabic letters.

`محمد رضایی`, `Mohammad Rezaei` and `Mohamad Rezayi` are one name. Each word becomes a row of sounds; between two rows there
is a distance (compiled, in `sound_distance.py`) in which what the scripts leave out or write in several ways costs little. The table is our own:
Metaphone and its followers know English, and a Persian name in English letters is no English word.

Read for it: Unicode CLDR's Latin transliterations of Arabic and Persian, and how passports of France, Iran and Morocco write names
(https://cldr.unicode.org/index/cldr-spec/transliteration-guidelines, ICAO Doc 9303-3 section 6.B).
"""

import re
from functools import lru_cache

# Sounds by letter. Vowels come first: a e i o u as Latin letters write them, then the Arabic letters that may be vowels.
LETTERS = "aeiouAWYEbptdkqgxszSjfvlmnrhJ"
CODE = {letter: number for number, letter in enumerate(LETTERS, start=1)}
N_VOWELS = 5  # a … u
N_SOFT = 9  # with A (ا), W (و), Y (ی), E (ع)
LONGEST = 20  # sounds of one word; more say nothing new

_ARABIC = {
    "ا": "A", "و": "W", "ی": "Y", "ع": "E", "ء": "E", "ب": "b", "پ": "p", "ت": "t", "ط": "t", "ث": "s", "س": "s", "ص": "s", "ج": "j",
    "چ": "S", "ح": "h", "ه": "h", "خ": "x", "د": "d", "ذ": "z", "ز": "z", "ض": "z", "ظ": "z", "ر": "r", "ژ": "j", "ش": "S", "غ": "q",
    "ف": "f", "ق": "q", "ک": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n",
}  # fmt: skip
# The longest that fits is taken. `ch` is a French ش and an English چ: the two are one sound here, and so are zh, dj and j.
_LATIN = {
    "tch": "S", "sch": "S", "sh": "S", "ch": "S", "kh": "x", "gh": "q", "zh": "j", "dj": "j", "ph": "f", "th": "t", "ck": "k", "qu": "k",
    "gue": "ge", "gui": "gi", "ou": "u", "oo": "u", "ee": "i", "eau": "o", "au": "o", "ei": "e", "ey": "e", "ai": "e", "ay": "e", "ae": "e",
    "oe": "e", "aa": "a", "aee": "ei", "ij": "i", "ce": "se", "ci": "si", "cy": "si", "x": "ks", "c": "k", "y": "i", "w": "v", "dt": "t", "ue": "u",
    "ie": "i", "iy": "i",
}  # fmt: skip
_PIECES = re.compile("|".join(sorted(map(re.escape, _LATIN), key=len, reverse=True)) + "|.", re.DOTALL)
_NO_SOUND = re.compile(f"[^{LETTERS}]")
_DOUBLED = re.compile(r"([^aeiouAWYE])\1+")
_VOWEL_RUN = re.compile(r"([aeiou])\1+")
# Forms of address, and what names of many countries carry or leave out at will.
IGNORED = frozenset(
    "mr mrs ms miss mx dr prof sir madam mme mlle mm monsieur madame mademoiselle herr frau sr sra srta senhor senhora dona"
    " آقای خانم جناب سرکار دکتر مهندس سید سیده seyed sayed sayyed seyyed seyedeh haj hadj haji حاج حاجی"
    " de du des la le les von van der den di da do dos das del della el al ال".split()
)


def is_arabic(word: str) -> bool:
    """Whether a word is written in Arabic or Persian letters."""
    return not word.isascii() and any(letter in _ARABIC for letter in word)


@lru_cache(maxsize=1 << 18)
def sound_of(word: str) -> str:
    """The sounds of one folded, lower-case word, as letters of LETTERS.

    >>> sound_of("mohammad"), sound_of("محمد"), sound_of("chirine"), sound_of("rezaei")
    ('mohamad', 'mhmd', 'Sirine', 'rezei')
    """
    if is_arabic(word):
        # A prefix of Arabic that Latin spellings part from the name or leave out.
        word = word[2:] if word.startswith("ال") and len(word) > 4 else word
        sounds = "".join(_ARABIC.get(letter, "") for letter in word)
    else:
        sounds = _NO_SOUND.sub("", "".join([_LATIN.get(piece, piece) for piece in _PIECES.findall(word)]))
    sounds = _VOWEL_RUN.sub(r"\1", sounds)
    doubled = _DOUBLED.sub(r"\1", sounds)
    # The last h of Fatemeh, Sarah and فاطمه is not heard.
    if len(doubled) > 2 and doubled.endswith("h"):
        doubled = doubled[:-1]
    return doubled[:LONGEST]


# Sounds that spellings exchange, so that a skeleton can be looked up: one letter for each group.
_GROUPS = str.maketrans("qdpfz", "ktbvs", "aeiouAWYE")


@lru_cache(maxsize=1 << 18)
def skeleton_of(word: str) -> str:
    """What is left of a word's sounds when vowels, and consonants that scripts write as vowels, are taken away: what is looked up by.

    >>> skeleton_of("mohammad"), skeleton_of("محمد"), skeleton_of("mehmet"), skeleton_of("navid"), skeleton_of("نوید")
    ('mhmt', 'mhmt', 'mhmt', 'nt', 'nt')
    """
    sounds = sound_of(word)
    if not sounds:
        return ""
    # و and v are one sound or none: a skeleton keeps them only at the beginning.
    first = "v" if sounds[0] in "vW" else ""
    return first + sounds.replace("v", "").translate(_GROUPS)


def words_of_name(name: str) -> list[str]:
    """The words of a folded name that tell persons apart, in lower case.

    >>> words_of_name("Dr Jean-Pierre O'Neil (senior)")
    ['jean', 'pierre', 'oneil', 'senior']
    """
    words = re.findall(r"[^\W\d_]+", name.lower().replace("'", ""))
    return [word for word in words if word not in IGNORED] or words
