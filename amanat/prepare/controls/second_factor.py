"""A password alone opens nothing: everybody needs a second factor."""

from datetime import datetime, timezone

from amanat.prepare.control import Control, Example, Seen, Words
from amanat.prepare.sources import cis, cnil, nist
from amanat.prepare.world import Own, World

_NOW = datetime(2026, 11, 13, 12, tzinfo=timezone.utc)


def _look(world: World) -> tuple[Seen, ...]:
    n, without = world.own.n_staff, world.own.n_without_second_factor
    if n is None or without is None:
        return ()  # the accounts of amanat are seen from its web only; other systems by their owners
    if without:
        return (Seen("partly" if without < n else "missing", "without", {"n": without, "of": n}),)
    return (Seen("in place", "all", {"of": n}),)


CONTROL = Control(
    hurts=5,
    is_must=True,
    words={
        "en": Words(
            "Second factor for every log-in",
            "A stolen password is how most intrusions begin. With a second factor it is worth little.",
            "Require it for mail, remote access, administrators and every system with personal data; passkeys resist phishing, "
            "codes by SMS hardly do.",
        ),
        "fr": Words(
            "Second facteur à chaque connexion",
            "La plupart des intrusions commencent par un mot de passe volé. Avec un second facteur, il ne vaut presque rien.",
            "Exigez-le pour la messagerie, l’accès distant, les administrateurs et tout système contenant des données personnelles "
            "; les clés d’accès résistent à l’hameçonnage, les codes par SMS presque pas.",
        ),
        "fa": Words(
            "عامل دوم برای هر ورود",
            "بیشتر نفوذها با رمزی دزدیده‌شده آغاز می‌شود؛ با عامل دوم آن رمز ارزش چندانی ندارد.",
            "برای ایمیل، دسترسی از راه دور، مدیران سامانه و هر سامانهٔ دارای دادهٔ شخصی الزامی‌اش کنید؛ کلید عبور در برابر "
            "فیشینگ مقاوم است، کد پیامکی تقریباً نه.",
        ),
    },
    sources=(cis("6.3, 6.4, 6.5"), nist("PR.AA-03"), cnil("Authentifier les utilisateurs")),
    look=_look,
    is_look_whole=False,
    says={
        "without": {
            "en": "Members of staff in amanat without a second factor: %(n)s of %(of)s.",
            "fr": "Comptes d’amanat sans second facteur : %(n)s sur %(of)s.",
            "fa": "همکاران بدون عامل دوم در amanat: %(n)s از %(of)s.",
        },
        "all": {
            "en": "Members of staff in amanat with a second factor: %(of)s of %(of)s.",
            "fr": "Comptes d’amanat avec second facteur : %(of)s sur %(of)s.",
            "fa": "همکاران دارای عامل دوم در amanat: %(of)s از %(of)s.",
        },
    },
    examples=(
        Example(World(now=_NOW), ()),
        Example(World(now=_NOW, own=Own(n_staff=4, n_without_second_factor=0)), ("in place",)),
        Example(World(now=_NOW, own=Own(n_staff=4, n_without_second_factor=1)), ("partly",)),
        Example(World(now=_NOW, own=Own(n_staff=1, n_without_second_factor=1)), ("missing",)),
    ),
)
