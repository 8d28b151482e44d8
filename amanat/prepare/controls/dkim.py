"""Our mail is signed with a key that is long enough: DKIM."""

from datetime import datetime, timezone

from amanat.prepare.control import Control, Example, Seen, Words
from amanat.prepare.dns_looks import DNS_SAYS, each_domain, key_bits
from amanat.prepare.sources import cis, rfc
from amanat.prepare.world import FixedDns, World, a_company

_NOW = datetime(2026, 11, 13, 12, tzinfo=timezone.utc)
_US = a_company()
# The key of RFC 8463's example, and one of 1024 bits whose private half was thrown away.
_ED25519 = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
_RSA_1024 = (
    "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC5nM5KcCWa5ioOSkaUAaL3SNCWJJAT7H/pU9VCL1ws1I9OJrEeGsoosi31BDlW"
    "NNbwdE8os+fBbKzmyxwl/odrdLMoBiSL/avgWjAcYfwyCebQibpNwaYX/eFCBeR8zKTImAFzu6vwlO3NI9Z/EL4P9JFW6sIx/Y7alR2OgO61BQIDAQAB"
)


def _look(world: World) -> tuple[Seen, ...]:
    if not world.dkim_selectors:
        return (Seen("unknown", "no_selectors"),)
    return each_domain(world, _keys)


def _keys(world: World, domain: str) -> Seen:
    assert world.dns is not None
    best: Seen | None = None
    for selector in world.dkim_selectors:
        answer = world.dns.txt(f"{selector}._domainkey.{domain}")
        if answer.state == "failed":
            return Seen("unknown", "failed", {"domain": domain, "why": answer.why})
        for record in answer.values:
            tags = {name.strip().lower(): value.strip() for name, _, value in (part.partition("=") for part in record.split(";"))}
            if "p" not in tags:
                continue
            kind, bits = key_bits(tags.get("k", "rsa"), tags["p"])
            details = {"domain": domain, "selector": selector, "bits": bits, "kind": kind}
            if not tags["p"]:
                best = best or Seen("missing", "withdrawn", details)
            elif bits is None:
                best = best or Seen("missing", "broken", details)
            elif kind == "ed25519" or bits >= 2048:
                return Seen("in place", "good", details)
            else:
                best = Seen("partly" if bits >= 1024 else "missing", "short", details)
    return best or Seen("missing", "none", {"domain": domain})


CONTROL = Control(
    hurts=3,
    is_must=False,
    words={
        "en": Words(
            "DKIM signs our mail",
            "A signature survives forwarding, so that our notices still count as ours. Short or forgotten keys let others sign for us.",
            "A key of 2048 bits or Ed25519 per sending service; name the selectors under [dkim] in controls.toml; withdraw keys of "
            "services you left.",
        ),
        "fr": Words(
            "DKIM signe nos courriels",
            "Une signature survit au transfert : nos avis restent reconnus comme nôtres. Des clés courtes ou oubliées laissent "
            "d’autres signer pour nous.",
            "Une clé de 2048 bits ou Ed25519 par service d’envoi ; nommez les sélecteurs sous [dkim] dans controls.toml ; retirez "
            "les clés des services quittés.",
        ),
        "fa": Words(
            "DKIM ایمیل‌های ما را امضا می‌کند",
            "امضا با بازارسال از میان نمی‌رود و اطلاعیه‌های ما همچنان از آنِ ما شناخته می‌شوند. کلید کوتاه یا فراموش‌شده به دیگران "
            "اجازهٔ امضا به جای ما را می‌دهد.",
            "برای هر سرویس فرستنده یک کلید ۲۰۴۸ بیتی یا Ed25519؛ نام selectorها را زیر [dkim] در controls.toml بنویسید؛ کلید "
            "سرویس‌های رهاشده را پس بگیرید.",
        ),
    },
    sources=(rfc(6376, "section 3.6.1"), rfc(8301, "section 3.2"), cis("9.5")),
    look=_look,
    says={
        **DNS_SAYS,
        "no_selectors": {
            "en": "The selectors of our DKIM keys are not known: name them under [dkim] in controls.toml.",
            "fr": "Les sélecteurs de nos clés DKIM ne sont pas connus : indiquez-les sous [dkim] dans controls.toml.",
            "fa": "selectorهای کلیدهای DKIM ما شناخته نیست: آن‌ها را زیر [dkim] در controls.toml بنویسید.",
        },
        "none": {
            "en": "%(domain)s has no DKIM key under the selectors named.",
            "fr": "%(domain)s n’a pas de clé DKIM sous les sélecteurs indiqués.",
            "fa": "%(domain)s زیر selectorهای نام‌برده کلید DKIM ندارد.",
        },
        "withdrawn": {
            "en": "The key %(selector)s of %(domain)s was withdrawn.",
            "fr": "La clé %(selector)s de %(domain)s a été retirée.",
            "fa": "کلید %(selector)s دامنهٔ %(domain)s پس گرفته شده است.",
        },
        "broken": {
            "en": "The key %(selector)s of %(domain)s cannot be read.",
            "fr": "La clé %(selector)s de %(domain)s est illisible.",
            "fa": "کلید %(selector)s دامنهٔ %(domain)s خوانده نمی‌شود.",
        },
        "short": {
            "en": "The key %(selector)s of %(domain)s has %(bits)s bits; 2048 are asked for.",
            "fr": "La clé %(selector)s de %(domain)s a %(bits)s bits ; il en faut 2048.",
            "fa": "کلید %(selector)s دامنهٔ %(domain)s %(bits)s بیتی است؛ ۲۰۴۸ بیت لازم است.",
        },
        "good": {
            "en": "%(domain)s: key %(selector)s, %(kind)s, %(bits)s bits.",
            "fr": "%(domain)s : clé %(selector)s, %(kind)s, %(bits)s bits.",
            "fa": "%(domain)s: کلید %(selector)s، %(kind)s، %(bits)s بیت.",
        },
    },
    examples=(
        Example(World(now=_NOW, company=_US), ("unknown",)),
        Example(World(now=_NOW, company=_US, dkim_selectors=("k1",), dns=FixedDns({"k1._domainkey.karvan.example": (_ED25519,)})), ("in place",)),
        Example(World(now=_NOW, company=_US, dkim_selectors=("k1",), dns=FixedDns({"k1._domainkey.karvan.example": (_RSA_1024,)})), ("partly",)),
        Example(World(now=_NOW, company=_US, dkim_selectors=("k1",), dns=FixedDns({"k1._domainkey.karvan.example": ("v=DKIM1; p=",)})), ("missing",)),
        Example(World(now=_NOW, company=_US, dkim_selectors=("k1",), dns=FixedDns({"karvan.example": ()})), ("missing",)),
    ),
)
