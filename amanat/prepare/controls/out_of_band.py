"""Staff can reach each other when the mail is down or read by the attacker."""

from datetime import datetime, timezone

from amanat.prepare.control import Control, Example, Seen, Words
from amanat.prepare.sources import cis
from amanat.prepare.world import Plan, World

_NOW = datetime(2026, 11, 13, 12, tzinfo=timezone.utc)


def _look(world: World) -> tuple[Seen, ...]:
    if world.plan is None:
        return (Seen("unknown", "no_plan"),)
    ways = set(world.plan.out_of_band)
    if not ways:
        return (Seen("missing", "none"),)
    if ways <= {"mail"}:
        return (Seen("missing", "mail_only"),)
    return (Seen("in place", "good", {"ways": tuple(sorted(ways - {"mail"}))}),)


CONTROL = Control(
    hurts=4,
    is_must=True,
    words={
        "en": Words(
            "A channel besides mail",
            "Intruders read the mails about themselves. A plan whose only channel is mail tells them everything, or nobody anything.",
            "Agree on a second channel that does not hang on our network or accounts (a telephone list, a messenger with accounts "
            "of its own), and try it.",
        ),
        "fr": Words(
            "Un canal autre que le courriel",
            "Les intrus lisent les courriels qui parlent d’eux. Un plan dont le seul canal est le courriel leur dit tout, ou ne dit rien à personne.",
            "Convenez d’un second canal indépendant de notre réseau et de nos comptes (liste téléphonique, messagerie à comptes "
            "séparés) et essayez-le.",
        ),
        "fa": Words(
            "راه ارتباطی غیر از ایمیل",
            "مهاجمان ایمیل‌های دربارهٔ خودشان را می‌خوانند. برنامه‌ای که تنها راهش ایمیل است یا همه چیز را به آن‌ها می‌گوید یا هیچ چیز را به هیچ‌کس.",
            "راه دومی تعیین کنید که به شبکه و حساب‌های ما وابسته نباشد (فهرست تلفن، پیام‌رسانی با حساب جدا) و امتحانش کنید.",
        ),
    },
    sources=(cis("17.6"),),
    look=_look,
    says={
        "no_plan": {
            "en": "Nobody has entered a response plan ([plan] in controls.toml).",
            "fr": "Personne n’a saisi de plan de réponse ([plan] dans controls.toml).",
            "fa": "کسی برنامهٔ واکنش را وارد نکرده است ([plan] در controls.toml).",
        },
        "none": {
            "en": "The plan names no second channel.",
            "fr": "Le plan ne nomme aucun second canal.",
            "fa": "برنامه راه دومی نام نبرده است.",
        },
        "mail_only": {
            "en": "The only channel of the plan is mail, which the attacker may read.",
            "fr": "Le seul canal du plan est le courriel, que l’attaquant peut lire.",
            "fa": "تنها راه برنامه ایمیل است که شاید مهاجم بخواند.",
        },
        "good": {
            "en": "Besides mail: %(ways)s.",
            "fr": "Outre le courriel : %(ways)s.",
            "fa": "غیر از ایمیل: %(ways)s.",
        },
    },
    examples=(
        Example(World(now=_NOW), ("unknown",)),
        Example(World(now=_NOW, plan=Plan()), ("missing",)),
        Example(World(now=_NOW, plan=Plan(out_of_band=("mail",))), ("missing",)),
        Example(World(now=_NOW, plan=Plan(out_of_band=("mail", "phone"))), ("in place",)),
    ),
)
