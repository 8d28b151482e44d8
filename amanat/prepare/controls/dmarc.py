"""Mail that borrows our domain is refused by others: DMARC with a policy."""

from datetime import datetime, timezone

from amanat.prepare.control import Control, Example, Seen, Words
from amanat.prepare.dns_looks import DNS_SAYS, each_domain
from amanat.prepare.sources import cis, rfc
from amanat.prepare.world import FixedDns, World, a_company

_NOW = datetime(2026, 11, 13, 12, tzinfo=timezone.utc)
_US = a_company()


def _look(world: World) -> tuple[Seen, ...]:
    return each_domain(world, _policy)


def _policy(world: World, domain: str) -> Seen:
    assert world.dns is not None
    labels = domain.split(".")
    # A domain without a record of its own follows the one above it, down to two labels.
    for depth in range(len(labels) - 1):
        above = ".".join(labels[depth:])
        answer = world.dns.txt(f"_dmarc.{above}")
        if answer.state == "failed":
            return Seen("unknown", "failed", {"domain": domain, "why": answer.why})
        records = [record for record in answer.values if record.replace(" ", "").lower().startswith("v=dmarc1")]
        if len(records) > 1:
            return Seen("missing", "several", {"domain": domain, "n": len(records)})
        if records:
            tags = dict(part.strip().lower().split("=", 1) for part in records[0].split(";") if "=" in part)
            tags = {name.strip(): value.strip() for name, value in tags.items()}
            policy = tags.get("sp", tags.get("p", "")) if depth else tags.get("p", "")
            if policy in ("quarantine", "reject"):
                share = tags.get("pct", "100")
                says = "strict" if share == "100" else "share"
                return Seen("in place" if share == "100" else "partly", says, {"domain": domain, "policy": policy, "share": share})
            return Seen("partly", "watches", {"domain": domain}) if policy == "none" else Seen("missing", "broken", {"domain": domain})
    return Seen("missing", "none", {"domain": domain})


CONTROL = Control(
    hurts=4,
    is_must=True,
    words={
        "en": Words(
            "DMARC refuses mail in our name",
            "After a breach, fakes in our name follow within hours. Without a policy they arrive from our own address.",
            "Publish _dmarc with rua first, read the reports for a month, then p=quarantine and p=reject; for domains without mail at once.",
        ),
        "fr": Words(
            "DMARC refuse les courriels en notre nom",
            "Après une violation, des faux en notre nom suivent en quelques heures. Sans politique, ils arrivent de notre propre adresse.",
            "Publiez _dmarc avec rua, lisez les rapports un mois, puis p=quarantine et p=reject ; tout de suite pour les domaines sans courriel.",
        ),
        "fa": Words(
            "DMARC ایمیل‌های جعلی به نام ما را رد می‌کند",
            "پس از رخنه، پیام‌های جعلی به نام ما در چند ساعت می‌رسند؛ بدون سیاست DMARC از نشانی خود ما فرستاده می‌شوند.",
            "نخست _dmarc را با rua منتشر کنید، یک ماه گزارش‌ها را بخوانید، سپس p=quarantine و p=reject؛ برای دامنه‌های بی‌ایمیل همین امروز.",
        ),
    },
    sources=(rfc(7489, "section 6.3"), cis("9.5")),
    look=_look,
    says={
        **DNS_SAYS,
        "none": {
            "en": "%(domain)s publishes no DMARC policy: anybody can write in its name.",
            "fr": "%(domain)s ne publie aucune politique DMARC : n’importe qui peut écrire en son nom.",
            "fa": "%(domain)s سیاست DMARC ندارد: هر کسی می‌تواند به نام آن بنویسد.",
        },
        "several": {
            "en": "%(domain)s publishes %(n)s DMARC records, which counts as none.",
            "fr": "%(domain)s publie %(n)s enregistrements DMARC, ce qui équivaut à aucun.",
            "fa": "%(domain)s %(n)s رکورد DMARC دارد که به منزلهٔ هیچ است.",
        },
        "broken": {
            "en": "The DMARC record of %(domain)s names no valid policy.",
            "fr": "L’enregistrement DMARC de %(domain)s ne contient pas de politique valable.",
            "fa": "رکورد DMARC دامنهٔ %(domain)s سیاست معتبری ندارد.",
        },
        "watches": {
            "en": "%(domain)s only watches (p=none): fakes are delivered.",
            "fr": "%(domain)s ne fait qu’observer (p=none) : les faux sont remis.",
            "fa": "%(domain)s فقط تماشا می‌کند (p=none): پیام‌های جعلی می‌رسند.",
        },
        "share": {
            "en": "The policy of %(domain)s holds for %(share)s percent of mail only.",
            "fr": "La politique de %(domain)s ne vaut que pour %(share)s pour cent du courrier.",
            "fa": "سیاست %(domain)s فقط برای %(share)s درصد ایمیل‌هاست.",
        },
        "strict": {
            "en": "%(domain)s: %(policy)s.",
            "fr": "%(domain)s : %(policy)s.",
            "fa": "%(domain)s: %(policy)s.",
        },
    },
    examples=(
        Example(World(now=_NOW, company=_US), ("unknown",)),
        Example(
            World(now=_NOW, company=_US, dns=FixedDns({"karvan.example": (), "_dmarc.karvan.example": ("v=DMARC1; p=reject",)})),
            ("in place",),
        ),
        Example(World(now=_NOW, company=_US, dns=FixedDns({"karvan.example": (), "_dmarc.karvan.example": ("v=DMARC1; p=none",)})), ("partly",)),
        Example(
            World(now=_NOW, company=_US, dns=FixedDns({"karvan.example": (), "_dmarc.karvan.example": ("v=DMARC1;p=reject;pct=20",)})), ("partly",)
        ),
        Example(World(now=_NOW, company=_US, dns=FixedDns({"karvan.example": ("v=spf1 -all",)})), ("missing",)),
        Example(World(now=_NOW, company=_US, dns=FixedDns({"other.example": ()})), ("unknown",)),
        Example(World(now=_NOW, company=a_company(domains=())), ("unknown",)),
    ),
)
