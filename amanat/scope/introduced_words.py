"""Introduced words: what in a sentence says that a name follows, stands before it, or is none after all, and what tells of somebody's health.

From introduced_words.toml.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from amanat.scope.fold import fold_text
from amanat.scope.vocabulary import MONTHS, free_slot, phrase_hash, word_hash

# Roles of a word or phrase, as bits.
TITLE, PARTICLE, GIVEN, NO_NAME, GREETING, INTRODUCES, LABEL, CLOSING, WROTE, PLACE, HEALTH = (1 << bit for bit in range(11))
HERE = Path(__file__).parent
_ROLES = {
    "titles": TITLE,
    "particles": PARTICLE,
    "no_names": NO_NAME,
    "greetings": GREETING,
    "introduces": INTRODUCES,
    "labels": LABEL,
    "closings": CLOSING,
    "wrote": WROTE,
    "places": PLACE,
    "health": HEALTH,
}
_OF_PHRASES = GREETING | INTRODUCES | LABEL | CLOSING | WROTE | HEALTH


@cache
def words() -> tuple[Any, Any, Any]:
    """Hashes of words and phrases (open addressing, 0 where free), their roles, and [65536] whether one of them may end with such a word.

    Given names do not count among those endings: they have a capital, and are looked up by it.
    """
    said = tomllib.loads((HERE / "introduced_words.toml").read_text(encoding="utf-8"))
    roles: dict[int, int] = {}
    endings = np.zeros(1 << 16, np.uint8)
    for name, role in _ROLES.items():
        for phrase in said[name].split(";") if role & _OF_PHRASES else said[name].split():
            if not phrase.strip():
                continue
            parts = fold_text(phrase).lower().replace("'", " ").replace("-", " ").split()[-3:]
            h = phrase_hash(parts)
            roles[h] = roles.get(h, 0) | role
            endings[word_hash(parts[-1]) & 0xFFFF] = 1
    for month in " ".join(MONTHS).split():
        h = word_hash(month)
        roles[h] = roles.get(h, 0) | NO_NAME
        endings[h & 0xFFFF] = 1
    taken = set(roles)
    lists = [line for line in (HERE / "given_names.txt").read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    for name in " ".join([*lists, said["persian_given"]]).split():
        # What means something else as well is no sign of a name.
        if (h := word_hash(name)) not in taken:
            roles[h] = GIVEN
    keys = np.zeros(1 << 16, np.uint64)
    values = np.zeros(1 << 16, np.uint16)
    for h, role in roles.items():
        values[free_slot(keys, h, h)] = role
    return keys, values, endings
