"""The servers that may send mail for our domains are named: SPF."""

from datetime import datetime, timezone

from amanat.prepare.control import Control, Example, Seen, Words
from amanat.prepare.dns_looks import DNS_SAYS, each_domain
from amanat.prepare.sources import cis, rfc
from amanat.prepare.world import FixedDns, World, a_company

_NOW = datetime(2026, 11, 13, 12, tzinfo=timezone.utc)
_US = a_company()
_LOOKS_UP = ("include", "a", "mx", "ptr", "exists", "redirect")


def _look(world: World) -> tuple[Seen, ...]:
    return each_domain(world, _record)


def _record(world: World, domain: str) -> Seen:
    assert world.dns is not None
    answer = world.dns.txt(domain)
    if answer.state == "failed":
        return Seen("unknown", "failed", {"domain": domain, "why": answer.why})
    records = [record for record in answer.values if record.lower().split(" ")[0] == "v=spf1"]
    if not records:
        return Seen("missing", "none", {"domain": domain})
    if len(records) > 1:
        return Seen("missing", "several", {"domain": domain, "n": len(records)})
    terms = records[0].lower().split()[1:]
    # Only the look-ups of this record are counted, not those of the records that it includes.
    if sum(term.lstrip("+-~?").split(":")[0].split("=")[0].split("/")[0] in _LOOKS_UP for term in terms) > 10:
        return Seen("partly", "too_many", {"domain": domain})
    last = next((term for term in terms if term.lstrip("+-~?") == "all"), "")
    if last in ("-all", "~all"):
        return Seen("in place", "strict", {"domain": domain, "end": last})
    if last in ("all", "+all"):
        return Seen("missing", "all", {"domain": domain})
    if not last and any(term.startswith("redirect=") for term in terms):
        return Seen("unknown", "elsewhere", {"domain": domain})
    return Seen("partly", "open", {"domain": domain})


CONTROL = Control(
    hurts=3,
    is_must=False,
    words={
        "en": Words(
            "SPF names our mail servers",
            "Without it receivers cannot tell our servers from others, and notices about the incident land in the junk folder.",
            "One TXT record v=spf1 per domain, with the senders of notices in it, ending in -all; for domains without mail: v=spf1 -all.",
        ),
        "fr": Words(
            "SPF nomme nos serveurs de courriel",
            "Sans lui, les destinataires ne distinguent pas nos serveurs des autres, et les avis sur l’incident finissent dans les indésirables.",
            "Un enregistrement TXT v=spf1 par domaine, incluant l’expéditeur des avis, terminé par -all ; pour un domaine sans "
            "courriel : v=spf1 -all.",
        ),
        "fa": Words(
            "SPF سرورهای ایمیل ما را نام می‌برد",
            "بدون آن گیرنده‌ها سرورهای ما را از دیگران نمی‌شناسند و اطلاعیه‌های رخداد به پوشهٔ هرزنامه می‌رود.",
            "برای هر دامنه یک رکورد TXT با v=spf1 که فرستندهٔ اطلاعیه‌ها هم در آن باشد و به ‎-all ختم شود؛ برای دامنهٔ بی‌ایمیل: v=spf1 -all.",
        ),
    },
    sources=(rfc(7208, "sections 4.5 and 4.6.4"), cis("9.5")),
    look=_look,
    says={
        **DNS_SAYS,
        "none": {
            "en": "%(domain)s publishes no SPF record.",
            "fr": "%(domain)s ne publie pas d’enregistrement SPF.",
            "fa": "%(domain)s رکورد SPF ندارد.",
        },
        "several": {
            "en": "%(domain)s publishes %(n)s SPF records, which is an error for receivers.",
            "fr": "%(domain)s publie %(n)s enregistrements SPF, ce qui est une erreur pour les destinataires.",
            "fa": "%(domain)s %(n)s رکورد SPF دارد که برای گیرنده‌ها خطاست.",
        },
        "too_many": {
            "en": "The SPF record of %(domain)s needs more than 10 look-ups, so receivers give up.",
            "fr": "L’enregistrement SPF de %(domain)s demande plus de 10 recherches : les destinataires abandonnent.",
            "fa": "رکورد SPF دامنهٔ %(domain)s بیش از ۱۰ جست‌وجو می‌خواهد و گیرنده‌ها رهایش می‌کنند.",
        },
        "strict": {
            "en": "%(domain)s ends in %(end)s.",
            "fr": "%(domain)s se termine par %(end)s.",
            "fa": "%(domain)s به ⁦%(end)s⁩ ختم می‌شود.",
        },
        "all": {
            "en": "%(domain)s lets every server of the world send in its name (+all).",
            "fr": "%(domain)s autorise tous les serveurs du monde à écrire en son nom (+all).",
            "fa": "%(domain)s به همهٔ سرورهای دنیا اجازه می‌دهد به نامش بفرستند (‎+all).",
        },
        "elsewhere": {
            "en": "%(domain)s points to another record, which was not followed.",
            "fr": "%(domain)s renvoie à un autre enregistrement, qui n’a pas été suivi.",
            "fa": "%(domain)s به رکورد دیگری ارجاع می‌دهد که دنبال نشد.",
        },
        "open": {
            "en": "The SPF record of %(domain)s does not say what happens to other servers.",
            "fr": "L’enregistrement SPF de %(domain)s ne dit pas quoi faire des autres serveurs.",
            "fa": "رکورد SPF دامنهٔ %(domain)s نمی‌گوید با سرورهای دیگر چه شود.",
        },
    },
    examples=(
        Example(World(now=_NOW, company=_US), ("unknown",)),
        Example(World(now=_NOW, company=_US, dns=FixedDns({"karvan.example": ("v=spf1 ip4:192.0.2.12 -all",)})), ("in place",)),
        Example(World(now=_NOW, company=_US, dns=FixedDns({"karvan.example": ("v=spf1 mx +all",)})), ("missing",)),
        Example(World(now=_NOW, company=_US, dns=FixedDns({"karvan.example": ("v=spf1 mx ?all",)})), ("partly",)),
        Example(World(now=_NOW, company=_US, dns=FixedDns({"karvan.example": ("v=spf1 mx -all", "v=spf1 a -all")})), ("missing",)),
        Example(World(now=_NOW, company=_US, dns=FixedDns({"karvan.example": ("hello",)})), ("missing",)),
    ),
)
