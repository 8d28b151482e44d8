"""Our web pages answer over TLS with a certificate that holds and does not end soon."""

from datetime import datetime, timedelta, timezone

from amanat.prepare.control import Control, Example, Seen, Words
from amanat.prepare.sources import cnil, nist, rfc
from amanat.prepare.world import Handshake, World, a_company

_NOW = datetime(2026, 11, 13, 12, tzinfo=timezone.utc)
_US = a_company()
_SOON_DAYS = 14


def _look(world: World) -> tuple[Seen, ...]:
    if not world.hosts:
        return (Seen("unknown", "no_hosts"),)
    if world.handshake is None:
        return (Seen("unknown", "not_asked"),)
    return tuple(_one(world, host) for host in world.hosts)


def _one(world: World, host: str) -> Seen:
    assert world.handshake is not None
    found = world.handshake(host)
    if found.state == "failed":
        return Seen("unknown", "failed", {"host": host, "why": found.why})
    if found.state == "refused":
        return Seen("missing", "refused", {"host": host, "why": found.why})
    if found.until is None:
        return Seen("unknown", "failed", {"host": host, "why": "no date"})
    days = (found.until - world.now).days
    return Seen("in place" if days > _SOON_DAYS else "partly", "until", {"host": host, "days": days})


CONTROL = Control(
    hurts=4,
    is_must=True,
    words={
        "en": Words(
            "Certificates of our web pages",
            "On the day of the notice thousands open our page. A warning in the browser looks like the fake they were told to fear.",
            "Renew certificates automatically, watch their end from outside, and include the page where codes are checked.",
        ),
        "fr": Words(
            "Certificats de nos pages web",
            "Le jour de l’avis, des milliers de personnes ouvrent notre page. Une alerte du navigateur ressemble au faux qu’on leur "
            "a dit de craindre.",
            "Renouvelez les certificats automatiquement, surveillez leur fin de l’extérieur, et n’oubliez pas la page où l’on vérifie les codes.",
        ),
        "fa": Words(
            "گواهی‌های صفحه‌های وب ما",
            "روز اطلاعیه هزاران نفر صفحهٔ ما را باز می‌کنند. هشدار مرورگر شبیه همان جعلی است که گفته‌ایم از آن بترسند.",
            "گواهی‌ها را خودکار تمدید کنید، پایانشان را از بیرون زیر نظر بگیرید و صفحهٔ بررسی کدها را هم فراموش نکنید.",
        ),
    },
    sources=(nist("PR.DS-02"), cnil("Sécuriser les sites web"), rfc(8996)),
    look=_look,
    says={
        "not_asked": {
            "en": "Our web servers were not asked.",
            "fr": "Nos serveurs web n’ont pas été interrogés.",
            "fa": "از سرورهای وب ما پرسیده نشد.",
        },
        "no_hosts": {
            "en": "No web pages of ours are known: name them in company.toml.",
            "fr": "Aucune page web n’est connue : indiquez-les dans company.toml.",
            "fa": "صفحهٔ وبی از ما شناخته نیست: در company.toml بنویسید.",
        },
        "failed": {
            "en": "%(host)s did not answer (%(why)s), so nothing can be said about its certificate.",
            "fr": "%(host)s n’a pas répondu (%(why)s) : on ne peut rien dire de son certificat.",
            "fa": "%(host)s پاسخ نداد (%(why)s)؛ دربارهٔ گواهی‌اش چیزی نمی‌توان گفت.",
        },
        "refused": {
            "en": "Browsers refuse %(host)s: %(why)s.",
            "fr": "Les navigateurs refusent %(host)s : %(why)s.",
            "fa": "مرورگرها %(host)s را نمی‌پذیرند: %(why)s.",
        },
        "until": {
            "en": "The certificate of %(host)s holds for %(days)s more days.",
            "fr": "Le certificat de %(host)s vaut encore %(days)s jours.",
            "fa": "گواهی %(host)s تا %(days)s روز دیگر اعتبار دارد.",
        },
    },
    examples=(
        Example(World(now=_NOW, company=_US), ("unknown",)),
        Example(World(now=_NOW, company=_US, handshake=lambda host: Handshake("ok", _NOW + timedelta(days=60))), ("in place", "in place")),
        Example(World(now=_NOW, company=_US, handshake=lambda host: Handshake("ok", _NOW + timedelta(days=5))), ("partly", "partly")),
        Example(World(now=_NOW, company=_US, handshake=lambda host: Handshake("refused", why="expired")), ("missing", "missing")),
        Example(World(now=_NOW, company=_US, handshake=lambda host: Handshake("failed", why="timed out")), ("unknown", "unknown")),
    ),
)
