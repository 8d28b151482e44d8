"""Distance between words by their sounds: 0 for what is only spelled otherwise, about 1 for each real mistake."""

# Compiled loops are written plainly, and their types are Numba's.
# mypy: ignore-errors

from functools import cache
from typing import Any

import numpy as np

from amanat.scope.compiled import compiled
from amanat.scope.sounds import CODE, LETTERS, LONGEST, N_SOFT, N_VOWELS, sound_of

SAME_SOUND = 0.45  # up to here only the spelling differs
ONE_MISTAKE = 1.05
LONG_WORD = 8  # from so many sounds on, two mistakes are forgiven
SUBSTITUTES = {
    # what other spellings and dialects write for the same name
    "kq": 0.15, "qg": 0.25, "kg": 0.5, "kx": 0.3, "xh": 0.3, "qx": 0.4, "sz": 0.45, "sS": 0.5, "Sj": 0.45, "zj": 0.5, "zd": 0.45, "td": 0.4,
    "bp": 0.5, "fv": 0.4, "vb": 0.6, "mn": 0.7, "gj": 0.5, "sk": 0.7,
    # letters of Arabic script that stand for several sounds
    "Aa": 0.0, "Ae": 0.1, "Ao": 0.1, "Ai": 0.3, "Au": 0.3, "Wu": 0.0, "Wo": 0.0, "Wv": 0.0, "Wa": 0.5, "We": 0.5, "Wi": 0.5, "Yi": 0.0, "Ye": 0.05,
    "Ya": 0.25, "Yo": 0.5, "Yu": 0.5, "Ea": 0.0, "Ee": 0.0, "Ei": 0.1, "Eo": 0.0, "Eu": 0.1, "EA": 0.2, "AY": 0.4, "uv": 0.4, "ov": 0.5,
}  # fmt: skip


@cache
def costs() -> tuple[Any, Any, Any]:
    """[n, n] what it costs to write one sound for another; [n] to leave one out within one script, and between scripts."""
    n = len(LETTERS) + 1
    change = np.ones((n, n), np.float32)
    change[1 : N_VOWELS + 1, 1 : N_VOWELS + 1] = 0.3
    for pair, cost in SUBSTITUTES.items():
        a, b = CODE[pair[0]], CODE[pair[1]]
        change[a, b] = change[b, a] = cost
    np.fill_diagonal(change, 0)
    within, between = np.ones(n, np.float32), np.ones(n, np.float32)
    within[1 : N_VOWELS + 1] = 0.5
    # Arabic script leaves short vowels out; u and i are short less often.
    between[1 : N_VOWELS + 1] = 0.05
    between[CODE["u"]], between[CODE["i"]] = 0.25, 0.15
    for letter, cost in {"A": 0.7, "W": 0.8, "Y": 0.8, "E": 0.2, "h": 0.6}.items():
        within[CODE[letter]] = cost
    for letter, cost in {"A": 0.25, "W": 0.4, "Y": 0.25, "E": 0.0, "h": 0.4}.items():
        between[CODE[letter]] = cost
    return change, within, between


def as_codes(words: Any) -> tuple[Any, Any]:
    """[n, LONGEST] uint8 sounds of words, and [n] their lengths; a word of Arabic script has 64 added to its length."""
    from amanat.scope.sounds import is_arabic

    sounds = np.zeros((len(words), LONGEST), np.uint8)
    lengths = np.zeros(len(words), np.uint8)
    for row, word in enumerate(words):
        codes = [CODE[letter] for letter in sound_of(word)]
        sounds[row, : len(codes)] = codes
        lengths[row] = len(codes) + (64 if is_arabic(word) else 0)
    return sounds, lengths


@compiled
def distance(a, n_a, b, n_b, change, within, between):
    """Distance between two words of `as_codes`; what is more than 3 is only known to be that."""
    is_between = (n_a >= 64) != (n_b >= 64)
    n, m = n_a & 63, n_b & 63
    if n == 0 or m == 0:
        return np.float32(9)
    lose = between if is_between else within
    # Mario is not Maria: within one script the last vowel tells more than the others.
    last = np.float32(0.0 if is_between else 0.4)
    row0 = np.zeros(LONGEST * 3 + 1, np.float32)
    row1 = np.zeros(LONGEST * 3 + 1, np.float32)
    row2 = np.zeros(LONGEST * 3 + 1, np.float32)
    for j in range(m):
        row1[j + 1] = row1[j] + lose[b[j]]
    for i in range(n):
        row2[0] = row1[0] + lose[a[i]]
        least = row2[0]
        for j in range(m):
            x, y = a[i], b[j]
            end = last if x != y and (i == n - 1 or j == m - 1) and (x <= N_SOFT or y <= N_SOFT) else np.float32(0)
            best = row1[j] + change[x, y] + (end if i == n - 1 and j == m - 1 else np.float32(0))
            best = min(best, row1[j + 1] + lose[x] + (end if i == n - 1 and x <= N_VOWELS else np.float32(0)))
            best = min(best, row2[j] + lose[y] + (end if j == m - 1 and y <= N_VOWELS else np.float32(0)))
            if i > 0 and j > 0 and x == b[j - 1] and y == a[i - 1] and x != y:
                best = min(best, row0[j - 1] + np.float32(0.8))
            row2[j + 1] = best
            least = min(least, best)
        if least > 3:
            return np.float32(9)
        for j in range(m + 1):
            row0[j] = row1[j]
            row1[j] = row2[j]
    return row1[m]


@compiled
def nearness(a, n_a, b, n_b, change, within, between):
    """How alike two words are: 3 the same sound, 2 a mistake apart, 1 an initial of the other, 0 different."""
    n, m = n_a & 63, n_b & 63
    if n == 1 or m == 1:
        return 1 if n > 0 and m > 0 and change[a[0], b[0]] <= 0.3 and n != m else 0
    d = distance(a, n_a, b, n_b, change, within, between)
    if d <= SAME_SOUND:
        return 3
    shortest = min(n, m)
    if (d <= ONE_MISTAKE and shortest >= 3) or (d <= 2 * ONE_MISTAKE and shortest >= LONG_WORD):
        return 2
    return 0


def nearness_of(first: str, second: str) -> int:
    """The same for two folded words, for tests and explanations.

    >>> nearness_of("mohammad", "محمد"), nearness_of("rezaei", "رضایی"), nearness_of("rezaei", "rezayi"), nearness_of("smith", "smiht")
    (3, 3, 3, 2)
    """
    sounds, lengths = as_codes([first, second])
    return int(nearness(sounds[0], lengths[0], sounds[1], lengths[1], *costs()))
