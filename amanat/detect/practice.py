"""Invented messages to learn from and to test with: some borrow our name to cheat, some are really ours. Nobody in them exists."""

import random
from dataclasses import dataclass
from email.message import EmailMessage

from amanat.detect.mail import Ours

NAMES = ("Sara", "Omid", "Claire", "Hugo", "Leila", "Reza", "Emma", "Jonas", "Nora", "Karim")
PLACES = ("Lyon", "Annecy", "Geneva", "Turin", "Shiraz", "Isfahan", "Porto", "Bruges")


@dataclass(frozen=True, slots=True)
class Practice:
    """One invented message and the truth about it."""

    raw: bytes
    is_bad: bool
    language: str


_BAD = {
    "en": (
        ("Your booking will be cancelled", "Dear guest,\n\nWe could not charge your card for your stay in {place}. Your reservation will be "
        "cancelled within 24 hours. "
         "Please verify your payment details now to keep your room:\n\n{link}\n\nKind regards,\n{name} Reservations"),
        ("Unusual sign-in to your account", "Hello {who},\n\nSomeone signed in to your {name} account from another country. If this was not "
        "you, confirm your password "
         "immediately on the page below. Failure to do so and your account has been suspended.\n\n{link}\n\nSecurity team"),
        ("Refund approved", "Dear {who},\n\nAfter the data incident you are entitled to a refund of {amount} EUR. To receive it, enter your "
        "card number and security code here:\n\n"
         "{link}\n\nThis offer ends today.\n{name} customer care"),
        ("Your loyalty points expire today", "Congratulations {who}!\n\nYou have won {amount} bonus points. Click the link, log in and "
        "claim your reward before midnight:\n\n{link}\n\n{name} Club"),
        ("Invoice {amount}", "Good day,\n\nplease find attached the overdue invoice. Our bank account has changed; please make the wire "
        "transfer to the new bank details today.\n\n"
         "{link}\n\nAccounting, {name}"),
    ),
    "fr": (
        ("Votre réservation sera annulée", "Bonjour,\n\nLe paiement de votre séjour à {place} a été refusé. Votre réservation sera annulée "
        "sous 24 heures. Veuillez confirmer votre "
         "carte bancaire sans tarder :\n\n{link}\n\nLe service réservation {name}"),
        ("Connexion inhabituelle à votre compte", "Bonjour {who},\n\nUne connexion suspecte a été détectée. Vérifiez votre mot de passe "
        "immédiatement, sinon votre compte sera "
         "bloqué :\n\n{link}\n\nL'équipe sécurité"),
    ),
    "fa": (
        ("رزرو شما لغو می‌شود", "مهمان گرامی،\n\nپرداخت شما برای اقامت در {place} انجام نشد. ظرف ۲۴ ساعت شماره کارت خود را وارد کنید، در "
        "غیر این صورت رزرو شما لغو خواهد شد:\n\n{link}\n\n{name}"),
        ("ورود مشکوک به حساب شما", "{who} عزیز،\n\nورود مشکوکی به حساب شما دیده شد. فوری رمز عبور خود را تأیید کنید:\n\n{link}\n\nواحد امنیت"),
    ),
}  # fmt: skip
_HONEST = {
    "en": (
        ("Your booking in {place}", "Dear {who},\n\nThank you for your booking. We look forward to welcoming you in {place}. Check-in is "
        "from 3 pm; breakfast is served until 10. "
         "If you want to change something, simply answer this message.\n\n{link}\n\nKind regards,\n{name}"),
        ("An autumn evening in {place}", "Dear {who},\n\nthe leaves are turning and our kitchen has a new menu. Members get ten per cent "
        "off weekend stays in November. "
         "You receive this letter because you are a member of our club; you can leave the list at any time.\n\n{link}\n\n{name}"),
        ("About your personal data", "Dear {who},\n\nOn 13 November someone read data of guests, yours among them: your name, your e-mail "
        "address and the dates of your stay. "
         "We are sorry. We will never ask you for your password or your card number by e-mail. What you can do, and whom to call, stands "
         "here:\n\n{link}\n\n{name}"),
        ("You asked for a new password", "Hello {who},\n\nyou asked for a new password a few minutes ago. Open the page below to choose "
        "one. If it was not you, do nothing; your old "
         "password stays as it is.\n\n{link}\n\n{name}"),
        ("Invoice {amount}", "Dear {who},\n\nattached you find the invoice for your stay in {place}, already paid. Thank you for being our "
        "guest.\n\n{link}\n\n{name}"),
    ),
    "fr": (
        ("Votre séjour à {place}", "Bonjour {who},\n\nMerci pour votre réservation. Nous aurons le plaisir de vous accueillir à {place}. "
        "L'arrivée se fait à partir de 15 heures.\n\n"
         "{link}\n\nBien à vous,\n{name}"),
        ("À propos de vos données", "Bonjour {who},\n\nLe 13 novembre, une personne a lu des données de clients, dont les vôtres. Nous vous "
        "présentons nos excuses. Nous ne vous "
         "demanderons jamais votre mot de passe.\n\n{link}\n\n{name}"),
    ),
    "fa": (
        ("رزرو شما در {place}", "{who} گرامی،\n\nاز رزرو شما سپاسگزاریم. از ساعت ۱۵ پذیرای شما هستیم.\n\n{link}\n\nبا احترام\n{name}"),
        ("دربارهٔ داده‌های شما", "{who} گرامی،\n\nروز ۲۲ آبان کسی داده‌های شماری از مهمانان را خواند. از شما پوزش می‌خواهیم. ما هرگز رمز "
        "شما را نمی‌پرسیم.\n\n{link}\n\n{name}"),
    ),
}  # fmt: skip


def practice_mails(n: int, ours: Ours, *, seed: int = 1, languages: tuple[str, ...] = ("en", "fr", "fa")) -> list[Practice]:
    """`n` messages, half of them bad; the same seed gives the same bytes."""
    chance = random.Random(seed)  # noqa: S311 (nothing secret depends on it)
    return [_one(chance, ours, is_bad=bool(i % 2), language=languages[(i // 2) % len(languages)]) for i in range(n)]


def _one(chance: random.Random, ours: Ours, *, is_bad: bool, language: str) -> Practice:
    name, domain = ours.names[0], ours.domains[0]
    subject, text = chance.choice((_BAD if is_bad else _HONEST)[language])
    host, sender = _borrowed(chance, domain, name) if is_bad else (f"www.{domain}", f"{name} <notice@{domain}>")
    link = f"https://{host}/{chance.choice(('login', 'verify', 'account', 'stay'))}?id={chance.randrange(10**8)}"
    given = {"who": chance.choice(NAMES), "place": chance.choice(PLACES), "name": name, "amount": chance.randrange(20, 900), "link": link}
    message = EmailMessage()
    message["From"], message["To"] = sender, "guest@example.org"
    message["Subject"] = subject.format(**given)
    message["Date"] = f"Fri, 13 Nov 2026 {chance.randrange(24):02}:{chance.randrange(60):02}:00 +0100"
    message["Message-ID"] = f"<{chance.getrandbits(60):x}@{'mailer.example' if is_bad else domain}>"
    server = ours.authserv_ids[0] if ours.authserv_ids else "mx.example.org"
    if not is_bad:
        message["Authentication-Results"] = f"{server}; spf=pass smtp.mailfrom={domain}; dkim=pass header.d={domain}; dmarc=pass header.from={domain}"
    message.set_content(text.format(**given))
    if is_bad and chance.random() < 0.5:
        shown = f"https://www.{domain}/account"
        body = text.format(**{**given, "link": f'<a href="{link}">{shown}</a>'}).replace("\n\n", "</p><p>")
        message.add_alternative(f"<html><body><p>{body}</p></body></html>", subtype="html")
    return Practice(message.as_bytes(), is_bad, language)


def _borrowed(chance: random.Random, domain: str, name: str) -> tuple[str, str]:
    """A host and a sender as cheats choose them: one letter off, our name inside another's domain, or only the name shown."""
    label, _, rest = domain.partition(".")
    at = chance.randrange(1, len(label))
    host = chance.choice(
        (
            f"{label[:at]}{label[at - 1]}{label[at:]}.{rest}",
            f"{label}-secure.example",
            f"{label}.account-check.example",
            f"login.{chance.choice(('rooms', 'booking', 'stay'))}-{chance.randrange(100)}.example",
        )
    )
    return host, chance.choice((f"{name} <no-reply@{host}>", f"{name} Support <info@mail-{chance.randrange(1000)}.example>"))
