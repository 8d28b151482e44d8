"""The key that opens amanat's personal data is readable by its owner alone."""

from datetime import datetime, timezone

from amanat.prepare.control import Control, Example, Seen, Words
from amanat.prepare.sources import gdpr, nist
from amanat.prepare.world import Own, World

_NOW = datetime(2026, 11, 13, 12, tzinfo=timezone.utc)


def _look(world: World) -> tuple[Seen, ...]:
    if world.own.has_key_file is None:
        return (Seen("unknown", "not_looked"),)
    if not world.own.has_key_file or world.own.key_file_mode is None:
        return (Seen("unknown", "no_file"),)
    if world.own.key_file_mode & 0o077:
        return (Seen("missing", "open", {"mode": f"{world.own.key_file_mode:03o}"}),)
    return (Seen("in place", "closed", {"mode": f"{world.own.key_file_mode:03o}"}),)


CONTROL = Control(
    hurts=4,
    is_must=True,
    words={
        "en": Words(
            "amanat’s own key is closed to others",
            "amanat holds who was affected by which data. Whoever reads its key and its database has a second breach in hand.",
            "chmod 600 on the file of AMANAT_MASTER_KEY_FILE, on a disk that is not in the same backup as the database.",
        ),
        "fr": Words(
            "La clé d’amanat est fermée aux autres",
            "amanat sait qui est touché et par quelles données. Qui lit sa clé et sa base tient une seconde violation.",
            "chmod 600 sur le fichier de AMANAT_MASTER_KEY_FILE, sur un disque qui n’est pas dans la même sauvegarde que la base.",
        ),
        "fa": Words(
            "کلید amanat به روی دیگران بسته است",
            "amanat می‌داند کدام دادهٔ چه کسی آسیب دیده است. هر کس کلید و پایگاه دادهٔ آن را بخواند، رخنهٔ دوم را در دست دارد.",
            "روی پروندهٔ AMANAT_MASTER_KEY_FILE دستور chmod 600 بزنید و آن را روی دیسکی بگذارید که در همان پشتیبانِ پایگاه داده نباشد.",
        ),
    },
    sources=(gdpr("Art 32(1)(a)"), nist("PR.DS-01")),
    look=_look,
    says={
        "not_looked": {
            "en": "The key’s file was not looked at.",
            "fr": "Le fichier de la clé n’a pas été examiné.",
            "fa": "پروندهٔ کلید بررسی نشد.",
        },
        "no_file": {
            "en": "There is no key yet: it is made when the web is started for the first time.",
            "fr": "Il n’y a pas encore de clé : elle est créée au premier démarrage du web.",
            "fa": "هنوز کلیدی نیست: با نخستین اجرای وب ساخته می‌شود.",
        },
        "open": {
            "en": "Others on this machine may open the key’s file (mode %(mode)s).",
            "fr": "D’autres comptes de cette machine peuvent ouvrir le fichier de la clé (mode %(mode)s).",
            "fa": "حساب‌های دیگر این دستگاه می‌توانند پروندهٔ کلید را باز کنند (حالت %(mode)s).",
        },
        "closed": {
            "en": "Only its owner may open the key’s file (mode %(mode)s).",
            "fr": "Seul son propriétaire peut ouvrir le fichier de la clé (mode %(mode)s).",
            "fa": "تنها صاحب پروندهٔ کلید می‌تواند آن را باز کند (حالت %(mode)s).",
        },
    },
    examples=(
        Example(World(now=_NOW), ("unknown",)),
        Example(World(now=_NOW, own=Own(has_key_file=False)), ("unknown",)),
        Example(World(now=_NOW, own=Own(has_key_file=True, key_file_mode=0o600)), ("in place",)),
        Example(World(now=_NOW, own=Own(has_key_file=True, key_file_mode=0o644)), ("missing",)),
    ),
)
