"""Diagnoses for the practice hospital: codes of ICD-10 and what people call them, language by language."""

import numpy as np

from amanat.prepare.block import Block
from amanat.prepare.column import Text, choose, pick

# Code, English, French, German, Persian, Portuguese. Titles shortened from ICD-10 (WHO, https://icd.who.int/browse10/2019/en).
DIAGNOSES = (
    ("E11.9", "type 2 diabetes", "diabète de type 2", "Diabetes mellitus Typ 2", "دیابت نوع ۲", "diabetes tipo 2"),
    ("J45.9", "asthma", "asthme", "Asthma bronchiale", "آسم", "asma"),
    ("I10", "high blood pressure", "hypertension artérielle", "Bluthochdruck", "فشار خون بالا", "hipertensão arterial"),
    ("F32.1", "depressive episode", "épisode dépressif", "depressive Episode", "دورهٔ افسردگی", "episódio depressivo"),
    ("C50.9", "breast cancer", "cancer du sein", "Brustkrebs", "سرطان پستان", "câncer de mama"),
    ("M54.5", "low back pain", "lombalgie", "Kreuzschmerz", "کمردرد", "dor lombar"),
    ("K21.0", "reflux disease", "reflux gastro-œsophagien", "Refluxkrankheit", "ریفلاکس معده", "doença do refluxo"),
    ("G43.9", "migraine", "migraine", "Migräne", "میگرن", "enxaqueca"),
    ("B20", "HIV disease", "infection par le VIH", "HIV-Krankheit", "عفونت اچ‌آی‌وی", "doença pelo HIV"),
    ("S52.5", "fracture of the forearm", "fracture de l’avant-bras", "Unterarmfraktur", "شکستگی ساعد", "fratura do antebraço"),
    ("N39.0", "urinary infection", "infection urinaire", "Harnwegsinfekt", "عفونت ادراری", "infecção urinária"),
    ("L40.0", "psoriasis", "psoriasis", "Schuppenflechte", "پسوریازیس", "psoríase"),
)
_LANGUAGES = ("en", "fr", "de", "fa", "pt")


def code(part: Block) -> Text:
    """Each patient's code; the same in every file."""
    return pick([d[0] for d in DIAGNOSES], part.draw.below("diagnosis", len(DIAGNOSES)))


def words(part: Block, language: str) -> Text:
    """The same in words of one language."""
    return pick([d[1 + _LANGUAGES.index(language)] for d in DIAGNOSES], part.draw.below("diagnosis", len(DIAGNOSES)))


def own_words(part: Block) -> Text:
    """The same in the patient's language, English where it is none of ours."""
    codes = np.array([_LANGUAGES.index(lang) if lang in _LANGUAGES else 0 for lang in part.language.to_pylist()], dtype=np.int64)
    return choose(codes, *[words(part, language) for language in _LANGUAGES])
