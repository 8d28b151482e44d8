"""An invented statement to everybody in three languages, for the tests of outlets."""

from datetime import datetime, timezone

from amanat.notify.outlet import Statement
from amanat.notify.signed import case_signer
from amanat.terms.notice import Notice, Section, Sentence

from .writing_world import COMPANY

AT = datetime(2026, 3, 10, 17, 30, tzinfo=timezone.utc)
NEXT_AT = datetime(2026, 3, 12, 9, 0, tzinfo=timezone.utc)
CODE = "KV7M-2Q9T-X4C8-R"
KEY = b"k" * 32

WORDS = {
    "en": {
        "title": "Attackers reached our booking system",
        "happened": "What happened",
        "entered": "On 1 March 2026 attackers entered our booking system with a stolen password.",
        "told": "We are writing to 41,870 people about this.",
        "do": "What you can do now",
        "password": "Change your password, and wherever else you use the same one.",
        "bank": "Look through your bank statements once a week.",
        "real": "Is this message really from us?",
        "code": "Type the code {code} at https://hotel.example/notices and our own website answers.",
    },
    "fr": {
        "title": "Des attaquants sont entrés dans notre système de réservation",
        "happened": "Ce qui s’est passé",
        "entered": "Le 1er mars 2026, des attaquants sont entrés dans notre système de réservation avec un mot de passe volé.",
        "told": "Nous écrivons à 41\u202f870 personnes à ce sujet.",
        "do": "Ce que vous pouvez faire maintenant",
        "password": "Changez votre mot de passe, partout où vous utilisez le même.",
        "bank": "Relisez vos relevés bancaires une fois par semaine.",
        "real": "Ce message vient-il vraiment de nous ?",
        "code": "Saisissez le code {code} sur https://hotel.example/notices et notre propre site vous répond.",
    },
    "fa": {
        "title": "مهاجمان به سامانهٔ رزرو ما راه یافتند",
        "happened": "چه شده است",
        "entered": "در ۱۰ اسفند ۱۴۰۴ مهاجمان با گذرواژه‌ای دزدیده‌شده وارد سامانهٔ رزرو ما شدند.",
        "told": "دربارهٔ این رویداد به ۴۱٬۸۷۰ نفر می‌نویسیم.",
        "do": "اکنون چه می‌توانید بکنید",
        "password": "گذرواژه‌تان را عوض کنید، هر جا که همان را به کار می‌برید.",
        "bank": "هفته‌ای یک بار گردش حساب بانکی‌تان را بررسی کنید.",
        "real": "آیا این پیام واقعاً از ماست؟",
        "code": "کد {code} را در https://hotel.example/notices وارد کنید تا وبگاه خود ما پاسخ دهد.",
    },
}


def notice(language: str, audience: str = "public", **changed: str) -> Notice:
    """The statement in one language; `entered="…"` puts other words in the place of a sentence."""
    say = WORDS[language] | changed
    return Notice(
        id=f"{audience}.{language}",
        letter_group=audience,
        language=language,
        audience=audience,  # type: ignore[arg-type]
        title=say["title"],
        subject=say["title"],
        greeting="",
        sections=(
            Section(
                id="what_happened",
                heading=say["happened"],
                sentences=(Sentence(text=say["entered"], facts=("what_happened",)), Sentence(text=say["told"], facts=("exposures",))),
            ),
            Section(
                id="what_you_do",
                heading=say["do"],
                sentences=(Sentence(text=say["password"], is_item=True), Sentence(text=say["bank"], is_item=True)),
            ),
            Section(id="is_this_real", heading=say["real"], sentences=(Sentence(text=say["code"]),)),
        ),
        closing="Hotel Example",
        duty_ids=(),
    )


def statement(*languages: str, audience: str = "public", **more: object) -> Statement:
    """The statement in these languages (English and Persian)."""
    given = {"notices": tuple(notice(one, audience) for one in languages or ("en", "fa"))}
    given |= {
        "company": COMPANY,
        "at": AT,
        "code": CODE,
        "next_at": NEXT_AT,
        "kinds": ("email", "password", "dob", "iban"),
        "signer": case_signer(KEY),
    }
    return Statement(**{**given, **more})  # type: ignore[arg-type]
