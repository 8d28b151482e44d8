"""Names of whom a plan calls and how, in the languages that staff read."""

WORDS: dict[str, dict[str, str]] = {
    "authority": {"en": "authority", "fr": "autorité", "fa": "مرجع نظارتی"},
    "police": {"en": "police", "fr": "police", "fa": "پلیس"},
    "counsel": {"en": "counsel", "fr": "avocat", "fa": "وکیل"},
    "insurer": {"en": "insurer", "fr": "assureur", "fa": "بیمه‌گر"},
    "forensics": {"en": "forensic experts", "fr": "experts en investigation", "fa": "متخصصان جرم‌یابی"},
    "processor": {"en": "processors", "fr": "sous-traitants", "fa": "پردازشگران"},
    "press": {"en": "press", "fr": "presse", "fa": "مطبوعات"},
    "staff": {"en": "staff", "fr": "personnel", "fa": "کارکنان"},
    "bank": {"en": "bank", "fr": "banque", "fa": "بانک"},
    "mail": {"en": "mail", "fr": "courriel", "fa": "ایمیل"},
    "phone": {"en": "telephone", "fr": "téléphone", "fa": "تلفن"},
    "messenger": {"en": "messenger", "fr": "messagerie instantanée", "fa": "پیام‌رسان"},
    "radio": {"en": "radio", "fr": "radio", "fa": "بی‌سیم"},
    "in person": {"en": "in person", "fr": "en personne", "fa": "حضوری"},
    "portal": {"en": "portal", "fr": "portail", "fa": "درگاه"},
}


def named(codes: tuple[str, ...], language: str) -> str:
    """The codes as words, separated as the language does.

    >>> named(("police", "bank"), "fa")
    'پلیس، بانک'
    """
    return ("، " if language == "fa" else ", ").join(WORDS[code].get(language, WORDS[code]["en"]) for code in codes)
