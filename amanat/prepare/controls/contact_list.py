"""The list of whom to call is complete, was tried lately, and does not depend on mail."""

from datetime import date, datetime, timezone

from amanat.prepare.control import Control, Example, Seen, Words
from amanat.prepare.sources import cis, nist
from amanat.prepare.world import ContactEntry, Party, Plan, Way, World

_NOW = datetime(2026, 11, 13, 12, tzinfo=timezone.utc)
_NEEDED: tuple[Party, ...] = ("authority", "police", "counsel", "insurer", "forensics")
_DAYS = 365  # CIS 17.2: verified at least annually


def _look(world: World) -> tuple[Seen, ...]:
    if world.plan is None:
        return (Seen("unknown", "no_plan"),)
    contacts = world.plan.contact
    if not contacts:
        return (Seen("missing", "empty"),)
    found = []
    if absent := [party for party in _NEEDED if party not in {c.party for c in contacts}]:
        found.append(Seen("partly", "absent", {"parties": tuple(absent)}))
    if old := sorted({c.party for c in contacts if world.age_days(c.checked_on) > _DAYS}):
        found.append(Seen("partly", "old", {"parties": tuple(old)}))
    if by_mail := sorted({c.party for c in contacts if set(c.reached_by) <= {"mail"}}):
        found.append(Seen("partly", "by_mail", {"parties": tuple(by_mail)}))
    return tuple(found) or (Seen("in place", "good", {"n": len(contacts)}),)


def _contacts(day: date, way: Way) -> tuple[ContactEntry, ...]:
    return tuple(ContactEntry(party=party, checked_on=day, reached_by=(way,)) for party in _NEEDED)


CONTROL = Control(
    hurts=4,
    is_must=True,
    words={
        "en": Words(
            "Contact list, complete and tried",
            "At three in the morning a wrong number costs an hour. Out of date lists are the most common mistake of response plans.",
            "Authority, police, counsel, insurer, forensics, processors, bank, press: a telephone number each, tried twice a year.",
        ),
        "fr": Words(
            "Liste de contacts complète et essayée",
            "À trois heures du matin, un mauvais numéro coûte une heure. La liste périmée est l’erreur la plus courante des plans de réponse.",
            "Autorité, police, avocat, assureur, experts, sous-traitants, banque, presse : un numéro de téléphone pour chacun, "
            "essayé deux fois par an.",
        ),
        "fa": Words(
            "فهرست تماس، کامل و آزموده",
            "ساعت سه بامداد یک شمارهٔ غلط یک ساعت هدر می‌دهد. فهرست کهنه رایج‌ترین خطای برنامه‌های واکنش است.",
            "مرجع نظارتی، پلیس، وکیل، بیمه، متخصصان جرم‌یابی، پیمانکاران، بانک و مطبوعات: برای هر کدام شمارهٔ تلفنی که سالی دو بار امتحان می‌شود.",
        ),
    },
    sources=(cis("17.2"), nist("RS.CO-02")),
    look=_look,
    says={
        "no_plan": {
            "en": "Nobody has entered a response plan ([plan] in controls.toml).",
            "fr": "Personne n’a saisi de plan de réponse ([plan] dans controls.toml).",
            "fa": "کسی برنامهٔ واکنش را وارد نکرده است ([plan] در controls.toml).",
        },
        "empty": {
            "en": "The contact list is empty.",
            "fr": "La liste de contacts est vide.",
            "fa": "فهرست تماس خالی است.",
        },
        "absent": {
            "en": "Not on the list: %(parties)s.",
            "fr": "Absents de la liste : %(parties)s.",
            "fa": "در فهرست نیستند: %(parties)s.",
        },
        "old": {
            "en": "Not tried for more than a year: %(parties)s.",
            "fr": "Pas essayés depuis plus d’un an : %(parties)s.",
            "fa": "بیش از یک سال است امتحان نشده‌اند: %(parties)s.",
        },
        "by_mail": {
            "en": "Reached by mail only, which may be down or read by the attacker: %(parties)s.",
            "fr": "Joignables par courriel seulement, qui peut être en panne ou lu par l’attaquant : %(parties)s.",
            "fa": "فقط با ایمیل در دسترس‌اند، که شاید از کار افتاده باشد یا مهاجم بخواندش: %(parties)s.",
        },
        "good": {
            "en": "%(n)s contacts, all tried within a year, none by mail alone.",
            "fr": "%(n)s contacts, tous essayés dans l’année, aucun par courriel seul.",
            "fa": "%(n)s تماس، همه در یک سال گذشته امتحان شده‌اند و هیچ‌کدام فقط با ایمیل نیست.",
        },
    },
    examples=(
        Example(World(now=_NOW), ("unknown",)),
        Example(World(now=_NOW, plan=Plan()), ("missing",)),
        Example(World(now=_NOW, plan=Plan(contact=_contacts(date(2026, 5, 1), "phone"))), ("in place",)),
        Example(World(now=_NOW, plan=Plan(contact=_contacts(date(2025, 5, 1), "phone"))), ("partly",)),
        Example(World(now=_NOW, plan=Plan(contact=_contacts(date(2026, 5, 1), "mail")[:2])), ("partly", "partly")),
    ),
)
