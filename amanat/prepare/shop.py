"""A web shop's heap: customers and accounts, nested orders, shipping labels, reviews, newsletters, direct debits, mails to the help desk.

Cards stand there as shops keep them, six digits and four: they are planted as no finding, because nobody can restore them.
"""

from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from amanat.prepare import numbers, spellings
from amanat.prepare.block import Block, in_latin_letters
from amanat.prepare.column import Text, choose, digits, filled, iso, join, or_empty, or_null, pick, where
from amanat.prepare.draw import Flags
from amanat.prepare.exports import what_persons_have
from amanat.prepare.folder import Folder, Sink
from amanat.prepare.lists import password
from amanat.prepare.plant import Kinds, Plant, Plants, stands
from amanat.prepare.truth import Truth

# Where a customer's only or main trace lies, as shares of the register. `slip` has a mistyped address and nothing else.
_SHARES = {
    "customers": 0.25,
    "orders": 0.10,
    "accounts": 0.05,
    "labels": 0.03,
    "newsletter": 0.04,
    "reviews": 0.03,
    "debits": 0.02,
    "desk": 0.03,
    "export": 0.05,
    "slip": 0.001,
}
_GOODS = (
    "tea glasses",
    "saffron 5 g",
    "kilim 120x80",
    "copper pot",
    "pistachios 1 kg",
    "rose water",
    "backgammon",
    "lamp",
    "felt slippers",
    "quince jam",
)
_REVIEWS = {
    "en": ("Came late but well packed.", "Exactly as in the picture!", "Two glasses broken, money back the same day."),
    "fr": ("Arrivé en retard mais bien emballé.", "Exactement comme sur la photo !", "Deux verres cassés, remboursés le jour même."),
    "de": ("Kam spät, aber gut verpackt.", "Genau wie auf dem Bild!", "Zwei Gläser kaputt, Geld am selben Tag zurück."),
    "fa": ("دیر رسید، ولی بسته‌بندی خوب بود.", "درست مثل عکس بود!", "دو استکان شکسته بود؛ همان روز پولم را پس دادند."),
    "pt": ("Chegou tarde, mas bem embalado.", "Igual à foto!", "Dois copos quebrados, devolveram no mesmo dia."),
}
_CUSTOMERS = """USE [karvan_shop]
GO
CREATE TABLE [dbo].[Customers]([CustomerNo] [bigint] NOT NULL, [LastName] [nvarchar](120), [FirstName] [nvarchar](80), [Email] [nvarchar](190),
[Phone] [nvarchar](40), [Street] [nvarchar](190), [PostalCode] [nvarchar](12), [City] [nvarchar](80), [Country] [nchar](2), [BirthDate] [date],
[CustomerCard] [nvarchar](16), [CardMasked] [nvarchar](24), [LastOrder] [datetime])
GO
"""


def _has(block: Block, *names: str, **more: Flags | bool) -> Kinds:
    has = what_persons_have(block)
    return {name: has[name] for name in names} | more


def _number(part: Block) -> Text:
    """The shop's own number of a customer, which is not the register's."""
    return digits(part.draw.unique("shop", 2**28), 9)


def _sql(text: Text) -> Text:
    """A literal of SQL Server: quotes are doubled, and Unicode is marked by N."""
    return pc.fill_null(join("N'", pc.replace_substring(text, "'", "''"), "'"), "NULL")


def _customer(part: Block) -> Text:
    draw = part.draw
    columns = (
        _number(part),
        _sql(part.family),
        _sql(part.given),
        _sql(spellings.loud(part, part.email, "customers.email", 0.05)),
        _sql(spellings.phone(part, "customers.phone")),
        _sql(part.street),
        _sql(part.postcode),
        _sql(part.town),
        _sql(spellings.residence_words(part)),
        pc.fill_null(join("CAST(N'", or_null(draw.chance("customers.born", 0.6), iso(part.birth_date)), "' AS Date)"), "NULL"),
        _sql(part.loyalty_id),
        _sql(spellings.masked_card(part)),
        join("CAST(N'2026-", digits(1 + draw.below("month", 10), 2), "-", digits(1 + draw.below("day", 28), 2), "T10:12:00.000' AS DateTime)"),
    )
    names = (
        "[CustomerNo], [LastName], [FirstName], [Email], [Phone], [Street], [PostalCode], [City], [Country], [BirthDate], [CustomerCard],"
        " [CardMasked], [LastOrder]"
    )
    return join(f"INSERT [dbo].[Customers] ({names}) VALUES (", join(*columns, by=", "), ")\n")  # noqa: S608  nobody runs it


def _customer_kinds(block: Block) -> Kinds:
    born = block.draw.chance("customers.born", 0.6)
    return _has(block, "name", "email", "phone", "address", "loyalty_id", dob=born, card_truncated=filled(block.card))


def _order(part: Block) -> Text:
    quote, draw = spellings.in_json, part.draw
    pays_by_card = draw.chance("orders.card", 0.7)
    payment = where(
        pays_by_card,
        pc.fill_null(join('{"method":"card","number":"', spellings.masked_card(part), '","expires":"09/28"}'), '{"method":"invoice"}'),
        pc.fill_null(join('{"method":"sepa","iban":"', part.iban, '"}'), '{"method":"invoice"}'),
    )
    return join(
        '{"order":"KS-',
        digits(draw.below("order", 10**9), 9),
        '","placed":"2026-',
        digits(1 + draw.below("month", 10), 2),
        '-12T08:15:00Z","customer":{"email":',
        quote(part.email),
        ',"phone":',
        quote(spellings.phone(part, "orders.phone")),
        '},"shipping":{"name":',
        quote(part.name),
        ',"street":',
        quote(part.street),
        ',"postcode":',
        quote(part.postcode),
        ',"city":',
        quote(part.town),
        ',"country":"',
        spellings.residence_words(part),
        '"},"payment":',
        payment,
        ',"lines":[{"item":"',
        pick(_GOODS, draw.below("goods", len(_GOODS))),
        '","qty":',
        digits(1 + draw.below("qty", 9), 1),
        ',"eur":',
        digits(10 + draw.below("eur", 89), 2),
        '.90}],"client":{"ip":"',
        numbers.ip(draw, "orders.ip"),
        '"}}\n',
    )


def _order_kinds(block: Block) -> Kinds:
    pays_by_card = block.draw.chance("orders.card", 0.7)
    by_account, by_card = ~pays_by_card & filled(block.iban), pays_by_card & filled(block.card)
    return _has(block, "name", "email", "phone", "address", iban=by_account, card_truncated=by_card, ip=True)


def _label(part: Block) -> Text:
    return join(join(part.name, part.street, part.postcode, part.town, or_empty(spellings.phone(part, "labels.phone")), by="\t"), "\r\n")


def _review(part: Block) -> Text:
    languages = list(_REVIEWS)
    which = part.draw.below("review", 3)
    language = np.array([languages.index(lang) if lang in languages else 0 for lang in part.language.to_pylist()], dtype=np.int64)
    text = choose(language, *[pick(list(texts), which) for texts in _REVIEWS.values()])
    shown = join(part.given, " ", pc.utf8_slice_codeunits(part.family, 0, 1), ".")
    return join(
        join(shown, digits(1 + part.draw.below("stars", 5), 1), spellings.with_quotes(join(text, " ", part.given)), part.email, by=","),
        ",published\n",
    )


def _desk(part: Block) -> Text:
    given, family = in_latin_letters(part)
    return join(
        "From desk@karvan-shop.example Mon Oct  5 08:00:00 2026\nFrom: ",
        given,
        " ",
        family,
        " <",
        part.email,
        ">\nTo: help@karvan-shop.example\nDate: ",
        digits(1 + part.draw.below("day", 28), 2),
        " Oct 2026 08:00:00 +0200\nMessage-ID: <",
        _number(part),
        "@mail.example>\nSubject: Parcel\n"
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nHello,\n\nmy parcel did not come. Please send it to ",
        part.address,
        ".\nMy number is ",
        pc.fill_null(spellings.phone(part, "desk.phone"), "in my account"),
        ".\n\n",
        part.name,
        "\n\n",
    )


def _export(part: Block) -> Text:
    given, family = in_latin_letters(part)
    columns = (
        family,
        given,
        part.email,
        spellings.day(part, "dmy."),
        or_null(part.draw.chance("export.phone", 0.7), spellings.phone(part, "export.tel")),
        part.loyalty_id,
        digits(10 + part.draw.below("spent", 900), 3),
    )
    return join(join(*[or_empty(c) for c in columns], by=";"), ",00\r\n")


def _account(part: Block) -> Text:
    hashed = pc.utf8_lower(join("5baa", digits(part.draw.below("sha1.a", 10**18), 18), digits(part.draw.below("sha1.b", 10**18), 18)))
    row = join(
        _number(part),
        spellings.in_sql(spellings.loud(part, part.email, "accounts.email", 0.05)),
        join("'", hashed, "'"),
        join("'", numbers.ip(part.draw, "accounts.ip"), "'"),
        by=",",
    )
    return join("INSERT INTO `accounts` (`id`,`login_email`,`password_sha1`,`last_ip`) VALUES (", row, ");\n")


def plants() -> list[Plant]:
    """Every file of the shop's heap."""
    own, slip = (lambda block: block.has_own_email), stands(_SHARES, "slip")
    accounts, newsletter, reviews, debits, desk = (
        stands(_SHARES, name, also=also) for name, also in (("accounts", 0.4), ("newsletter", 0.3), ("reviews", 0.15), ("debits", 0.1), ("desk", 0.1))
    )
    cut = lambda block: block.draw.chance("cut", 0.02) & filled(block.email)  # noqa: E731  reads as one of the columns below
    cracked = lambda block: accounts(block) & own(block) & block.draw.chance("combo", 0.3)  # noqa: E731
    return [
        Plant(path="db/Customers.sql", header=_CUSTOMERS, footer="GO\n", member=stands(_SHARES, "customers"), row=_customer, kinds=_customer_kinds),
        Plant(path="orders/orders.jsonl", member=stands(_SHARES, "orders", also=0.5), row=_order, kinds=_order_kinds),
        Plant(
            path="db/accounts.sql",
            header="-- MySQL dump 10.13\n",
            member=lambda b: accounts(b) & own(b),
            row=_account,
            kinds=lambda b: {"email": True, "password_hash": True, "ip": True},
        ),
        Plant(
            path="loot/cracked.txt",
            member=cracked,
            row=lambda p: join(p.email, ";", password(p.draw), "\n"),
            kinds=lambda b: {"email": True, "password": True, "online_credentials": True},
        ),
        Plant(
            path="shipping/labels.txt",
            header="Empfänger\tStraße\tPLZ\tOrt\tTelefon\r\n",
            encoding="utf-16-le",
            mark=b"\xff\xfe",
            member=stands(_SHARES, "labels", also=0.2),
            row=_label,
            kinds=lambda b: _has(b, "name", "address", "phone"),
        ),
        Plant(
            path="newsletter/subscribers.txt",
            member=lambda b: newsletter(b) & own(b),
            row=lambda p: join(p.email, "\n"),
            kinds=lambda b: {"email": True},
        ),
        Plant(
            path="reviews/reviews.csv",
            header="shown as,stars,text,e-mail,state\n",
            member=lambda b: reviews(b) & own(b),
            row=_review,
            kinds=lambda b: {"email": True},
        ),
        Plant(
            path="finance/mandates.csv",
            header="Debtor;IBAN;Mandate\n",
            member=lambda b: debits(b) & filled(b.iban),
            row=lambda p: join(join(p.name, spellings.iban(p, "debits.iban"), join("KS-M-", _number(p)), by=";"), "\n"),
            kinds=lambda b: _has(b, "name", "iban"),
        ),
        Plant(path="mail/help.mbox", member=lambda b: desk(b) & own(b), row=_desk, kinds=lambda b: _has(b, "name", "email", "phone", "address")),
        Plant(
            path="exports/Kunden_CRM.csv",
            header="Nachname;Vorname;E-Mail;Geburtsdatum;Telefon;Kundenkarte;Umsatz\r\n",
            encoding="cp1252",
            member=stands(_SHARES, "export", also=0.2),
            row=_export,
            kinds=lambda b: _has(b, "name", "email", "dob", "loyalty_id", phone=filled(b.phone) & b.draw.chance("export.phone", 0.7)),
        ),
        Plant(
            path="shipping/lost_parcels.csv",
            header="first name,e-mail\n",
            member=lambda b: slip(b) & own(b),
            row=lambda p: join(p.given, ",", spellings.slip(p.email, np.ones(len(p), bool)), "\n"),
            kinds=lambda b: {"email": True},
        ),
        Plant(
            path="backup/orders_2019.csv.gz",
            header="Name,Email,Phone\n",
            is_cut=True,
            member=cut,
            kinds=lambda b: _has(b, "name", "email", "phone"),
            row=lambda p: join(join(p.name, or_empty(p.email), or_empty(p.phone), by=","), "\n"),
        ),
    ]


def unreadable(files: Path) -> list[str]:
    """What nobody can read, for `expected.toml`."""
    return ["backup/orders_2019.csv.gz"]


def sinks(folder: Folder, truth: Truth, n_persons: int) -> list[Sink]:
    """Everything that writes the shop's heap."""
    return [Plants(folder, truth, plants())]
