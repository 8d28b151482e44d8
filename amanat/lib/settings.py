"""Every setting that amanat reads from the environment, in one list.

The manual's page is made from this list, and a guard test refuses a look at the environment anywhere else.
"""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its name, what happens without it, and what it does."""

    name: str
    default: str
    says: str


SETTINGS = (
    Setting("AMANAT_DATA", "~/.local/share/amanat", "Folder for the embedded database, case folders and caches."),
    Setting(
        "AMANAT_EXTRA", "", "Folder with further members of open sets (laws, readers, identifiers, channels, languages), laid out like `amanat/`."
    ),
    Setting(
        "AMANAT_MASTER_KEY_FILE",
        "",
        "File with the 32-byte master key (hex) that wraps each incident's data key. Without it a key is made in AMANAT_DATA.",
    ),
    Setting("AMANAT_STAFF_HOST", "127.0.0.1:8470", "Where the staff door listens."),
    Setting("AMANAT_PUBLIC_HOST", "127.0.0.1:8471", "Where the public door listens."),
    Setting("AMANAT_INBOX_HOST", "127.0.0.1:8472", "Where the demo shows the mails that it caught."),
    Setting("AMANAT_INBOX_SMTP_HOST", "127.0.0.1:8473", "Where the demo's inbox takes mails (SMTP)."),
    Setting("AMANAT_PUBLIC_URL", "", "Address of the public door as outsiders write it; without it, AMANAT_PUBLIC_HOST."),
    Setting("AMANAT_STAFF_URL", "", "Address of the staff door as staff write it; without it, AMANAT_STAFF_HOST."),
    Setting("AMANAT_REPORTS_AN_HOUR", "10", "How many reports of a fake message the public door takes from one connection in an hour."),
    Setting(
        "AMANAT_COMPANY",
        "",
        "company.toml of the house, for messages that staff hand in: names and domains that somebody may borrow. Without it nobody can see that.",
    ),
    Setting(
        "AMANAT_REGISTER_URL",
        "",
        "postgresql://…, mysql://… or sqlite:///… of the register, with an account that may only read; register.toml names the table or query.",
    ),
    Setting("AMANAT_AUTHSERV", "", "Names by which our own mail servers sign their Authentication-Results, with blanks between; only those count."),
    Setting(
        "AMANAT_LAW_DAYS", "180", "After how many days the reading of a law file counts as stale: somebody should compare it with its source again."
    ),
    Setting("AMANAT_SMTP", "", "smtp://HOST:PORT or smtps://HOST:PORT of the relay that takes the notices of the web."),
    Setting(
        "AMANAT_GATEWAYS",
        "",
        "Folder with one TOML file for each channel that goes through somebody's gateway: sms_http.toml, smpp.toml, brevo.toml, mailgun.toml, "
        "mailjet.toml, postmark.toml, sendgrid.toml, portal.toml; and ses.toml for what Amazon SES tells. Without it there are e-mail and "
        "letter, and the person's own page.",
    ),
    Setting(
        "AMANAT_BOUNCES",
        "",
        "Maildir into which your mail server puts what comes back to the address `bounces` of company.toml; each mail is read and removed. Or a "
        "mailbox on a server, imaps://HOST/FOLDER[?move=OTHER]; each mail is read, and then marked as seen or moved.",
    ),
    Setting("AMANAT_BOUNCES_LOGIN_FILE", "", "Of a mailbox on a server: file with USER:PASSWORD in its first line."),
    Setting(
        "AMANAT_BOUNCES_LISTEN",
        "",
        "127.0.0.1:PORT where bounces are taken from the mail server on this machine (LMTP) into the Maildir of AMANAT_BOUNCES.",
    ),
    Setting("AMANAT_SECRET_KEY_FILE", "", "File with the secret that signs sessions. Without it one is made in AMANAT_DATA."),
    Setting("AMANAT_DOOR", "staff", "Which part of the web this process is: `staff`, `public` or `worker`. `amanat up` sets it for its children."),
    Setting("AMANAT_DEMO", "", "1 in a demonstration: mails can only reach the local inbox. `amanat up --demo` sets it for its children."),
    Setting("DATABASE_URL", "", "postgresql://… of a server of your own. Without it the embedded PostgreSQL is started."),
    Setting(
        "DATABASE_URL_PUBLIC",
        "",
        "The same for the public door, with an account that owns nothing (CREATE ROLE … LOGIN PASSWORD …); `amanat up` gives it the rights "
        "that it needs and no others. The embedded PostgreSQL has such an account by itself.",
    ),
)

_BY_NAME = {s.name: s for s in SETTINGS}


def get(name: str) -> str:
    """The value of a setting, or its default; an unlisted name is our mistake and raises KeyError."""
    return os.environ.get(name) or _BY_NAME[name].default


def environment(**more: str) -> dict[str, str]:
    """The environment for a child process: ours, with further values."""
    return {**os.environ, **more}


def data_folder() -> Path:
    """AMANAT_DATA as a path, made (for its owner only) when it is missing."""
    folder = Path(get("AMANAT_DATA")).expanduser()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
