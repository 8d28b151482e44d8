"""Copies are made each day, and one of them cannot be reached from the network."""

from datetime import datetime, timedelta, timezone

from amanat.prepare.control import Control, Example, Seen, Words
from amanat.prepare.sources import cis, cnil, gdpr, nist
from amanat.prepare.world import Own, World

_NOW = datetime(2026, 11, 13, 12, tzinfo=timezone.utc)
_FRESH = timedelta(days=2)


def _look(world: World) -> tuple[Seen, ...]:
    if world.own.has_backup_folder is None:
        return ()  # no folder was named
    newest = world.own.newest_backup_at
    if not world.own.has_backup_folder or newest is None:
        return (Seen("missing", "none"),)
    days = (world.now - newest).days
    return (Seen("in place" if world.now - newest <= _FRESH else "partly", "newest", {"days": days}),)


CONTROL = Control(
    hurts=5,
    is_must=True,
    stale_after_days=180,
    words={
        "en": Words(
            "Backups, one out of reach",
            "Ransomware looks for backups first. Without one that it cannot reach, the choice is between paying and losing everything.",
            "Back up daily, keep one copy offline or unchangeable, encrypt it, and include the register of persons and amanat’s own data folder.",
        ),
        "fr": Words(
            "Sauvegardes, dont une hors d’atteinte",
            "Un rançongiciel cherche d’abord les sauvegardes. Sans copie hors de sa portée, il reste à payer ou à tout perdre.",
            "Sauvegardez chaque jour, gardez une copie hors ligne ou immuable, chiffrez-la, et incluez-y la liste des personnes et "
            "le dossier de données d’amanat.",
        ),
        "fa": Words(
            "نسخهٔ پشتیبان، یکی دور از دسترس",
            "باج‌افزار اول دنبال نسخهٔ پشتیبان می‌گردد؛ بی نسخه‌ای که دستش به آن نرسد، یا باید پول داد یا همه چیز را از دست داد.",
            "هر روز پشتیبان بگیرید، یک نسخه را آفلاین یا تغییرناپذیر نگه دارید، رمزگذاری‌اش کنید و فهرست افراد و دادهٔ amanat را هم در آن بگذارید.",
        ),
    },
    sources=(cis("11.2, 11.3, 11.4"), nist("PR.DS-11"), gdpr("Art 32(1)(c)"), cnil("Sauvegarder")),
    look=_look,
    is_look_whole=False,
    says={
        "none": {
            "en": "The folder named for backups of amanat is not there, or is empty.",
            "fr": "Le dossier indiqué pour les sauvegardes d’amanat n’existe pas ou est vide.",
            "fa": "پوشه‌ای که برای نسخه‌های پشتیبان amanat نام برده شده وجود ندارد یا خالی است.",
        },
        "newest": {
            "en": "The newest backup of amanat is %(days)s days old.",
            "fr": "La sauvegarde d’amanat la plus récente date de %(days)s jours.",
            "fa": "تازه‌ترین نسخهٔ پشتیبان amanat %(days)s روز عمر دارد.",
        },
    },
    examples=(
        Example(World(now=_NOW), ()),
        Example(World(now=_NOW, own=Own(has_backup_folder=False)), ("missing",)),
        Example(World(now=_NOW, own=Own(has_backup_folder=True, newest_backup_at=_NOW - timedelta(hours=20))), ("in place",)),
        Example(World(now=_NOW, own=Own(has_backup_folder=True, newest_backup_at=_NOW - timedelta(days=9))), ("partly",)),
    ),
)
