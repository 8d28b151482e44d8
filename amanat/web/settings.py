"""Django's settings: one file for both doors and the worker, secure unless something is loosened here.

What differs from place to place comes from the environment through `amanat.lib.settings`.
"""

import secrets
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from csp.constants import NONCE, NONE, SELF

from amanat.lib import settings as outside
from amanat.web.crypto import make_secret_file
from amanat.web.languages import LANGUAGES as LANGUAGES
from amanat.web.languages import compile_stale

HERE = Path(__file__).parent
DATA = outside.data_folder()
DOOR = outside.get("AMANAT_DOOR")
IS_STAFF_DOOR = DOOR != "public"
IS_DEMO = outside.get("AMANAT_DEMO") == "1"


def _url(door: str) -> str:
    """The address of a door as people write it, without a slash at the end."""
    named = outside.get(f"AMANAT_{door}_URL")
    if named:
        return named.rstrip("/")
    host, _colon, port = outside.get(f"AMANAT_{door}_HOST").rpartition(":")
    # Browsers allow passkeys on localhost, not on an IP address.
    return f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0', '') else host}:{port}"  # noqa: S104


def _database(url: str) -> dict[str, object]:
    """`postgresql://USER:PASSWORD@HOST:PORT/NAME?sslmode=…` in Django's words."""
    parts = urlsplit(url)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


STAFF_URL, PUBLIC_URL = _url("STAFF"), _url("PUBLIC")
REPORTS_AN_HOUR = int(outside.get("AMANAT_REPORTS_AN_HOUR")) if outside.get("AMANAT_REPORTS_AN_HOUR").isdecimal() else 10
OWN_URL = STAFF_URL if IS_STAFF_DOOR else PUBLIC_URL
IS_HTTPS = OWN_URL.startswith("https://")

DEBUG = False
_secret_file = outside.get("AMANAT_SECRET_KEY_FILE")
if not _secret_file:
    _secret_file = str(DATA / "secret.key")
    make_secret_file(Path(_secret_file), secrets.token_urlsafe(50))
SECRET_KEY = Path(_secret_file).expanduser().read_text().strip()

ALLOWED_HOSTS = list({urlsplit(OWN_URL).hostname or "", "localhost", "127.0.0.1", "[::1]"})
CSRF_TRUSTED_ORIGINS = [OWN_URL]
DATABASES = {"default": _database(outside.get("DATABASE_URL") or "postgresql:///amanat")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Shared by all processes, so that limits on attempts hold across them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "amanat_cache",
        # Beyond this number entries are thrown away, and a log-in that was tried too often may be tried on. The default is 300.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # Public pages, for seconds and in each process by itself: a database that is busy does not close the door.
    "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"},
}

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "csp",
    "django_htmx",
    *(["allauth", "allauth.account", "allauth.mfa"] if IS_STAFF_DOOR else []),
    "procrastinate.contrib.django",
    "amanat.web",
    "amanat.web.accounts",
    "amanat.web.detect",
    "amanat.web.respond",
    "amanat.web.scope",
    "amanat.web.assess",
    "amanat.web.notify",
    "amanat.web.care",
    "amanat.web.trust",
    "amanat.web.readiness",
    "amanat.web.public",
    "amanat.web.bulletin",
    *(["amanat.web.demo"] if IS_DEMO else []),
]

_EVERY_DOOR = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "amanat.web.mend.NoNulMiddleware",
]
if IS_STAFF_DOOR:
    ROOT_URLCONF = "amanat.web.staff_urls"
    MIDDLEWARE = [
        *_EVERY_DOOR,
        "django.contrib.sessions.middleware.SessionMiddleware",
        "amanat.web.accounts.middleware.LanguageMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "allauth.account.middleware.AccountMiddleware",
        "amanat.web.accounts.middleware.PreferencesMiddleware",
        "amanat.web.accounts.middleware.StaffDoorMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "django_htmx.middleware.HtmxMiddleware",
        "amanat.web.mend.MendMiddleware",
    ]
else:
    ROOT_URLCONF = "amanat.web.public_urls"
    # No sessions: the public door sets no cookie before one is needed.
    MIDDLEWARE = [
        *_EVERY_DOOR,
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "amanat.web.mend.MendMiddleware",
    ]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                *(["django.contrib.auth.context_processors.auth", "django.contrib.messages.context_processors.messages"] if IS_STAFF_DOOR else []),
                "csp.context_processors.nonce",
                "amanat.web.context.house",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "amanat.web.templatetags.words"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# ---- languages and time ----
USE_I18N = USE_TZ = True
LANGUAGE_CODE = "en"
LANGUAGES_BIDI = ["fa"]
LOCALE_PATHS = [compile_stale(DATA)]
TIME_ZONE = "UTC"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True

# ---- static files: served by the doors themselves, names carry their hash ----
STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "static"]
STATIC_ROOT = DATA / "cache" / "static"
STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# ---- log-in ----
AUTH_USER_MODEL = "accounts.Staff"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "overview"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "amanat.web.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Staff are known to an administrator, who typed their address; nobody signs up.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "reauthenticate": "10/m/user", "change_password": "5/m/user"}
# TLS ends at a proxy in front of us: without this, all visitors would share the proxy's address and its limits.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if IS_HTTPS else 0
MFA_ADAPTER = "amanat.web.accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS
MFA_FORMS = {
    "authenticate": "amanat.web.accounts.codes.SecondFactorForm",
    "reauthenticate": "amanat.web.accounts.codes.ConfirmForm",
    "activate_totp": "amanat.web.accounts.codes.ActivateAppForm",
}
MFA_TOTP_ISSUER = "amanat"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True

# ---- sessions: short when idle, and never longer than a long shift ----
SESSION_COOKIE_AGE = int(timedelta(minutes=45).total_seconds())
SESSION_SAVE_EVERY_REQUEST = True
SESSION_ABSOLUTE_AGE = timedelta(hours=12)
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_HTTPS
_cookie = "__Host-" if IS_HTTPS else ""
# Cookies of one host are shared by its ports: the two doors must not overwrite each other's.
SESSION_COOKIE_NAME = f"{_cookie}{'staff' if IS_STAFF_DOOR else 'public'}"
CSRF_COOKIE_NAME = f"{_cookie}csrf-{'staff' if IS_STAFF_DOOR else 'public'}"
LANGUAGE_COOKIE_NAME = f"{_cookie}language"
if not IS_STAFF_DOOR:
    # The public door has forms only on my page; its cookie ends with the browser session, as the page promises.
    CSRF_COOKIE_AGE, CSRF_COOKIE_SAMESITE = None, "Strict"
CSRF_FAILURE_VIEW = "amanat.web.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# ---- headers ----
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False  # the company's other names on this domain are not ours to decide
# Under "no-referrer" browsers send `Origin: null` with our own forms, which the CSRF check must refuse; "same-origin"
# tells other sites just as little. My page sets it so for its own forms; the rest of the public door has none that need the check.
SECURE_REFERRER_POLICY = "same-origin" if IS_STAFF_DOOR else "no-referrer"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE] if IS_STAFF_DOOR else [NONE],
        "style-src": [SELF, NONCE] if IS_STAFF_DOOR else [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF] if IS_STAFF_DOOR else [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# Files stay in memory or are encrypted as they come; the default would lay large ones on the disk as they are.
FILE_UPLOAD_HANDLERS = ["amanat.web.uploads.Sealing", "amanat.web.uploads.InMemory"]

# ---- mail to staff: none is sent by the doors; notices go through `amanat.notify` ----
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

# ---- jobs ----
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"

# ---- logs: what happened, never to whom; nothing of a request's body ----
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"no_values": {"()": "amanat.web.logs.NoValues"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_values"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # Django's own handlers would mail settings and local variables to administrators.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # A path that was not found may be a set-up link that has ended.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "amanat": {"level": "INFO"},
    },
}
