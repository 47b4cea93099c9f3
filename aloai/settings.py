"""Settings of the site; everything an operator may change comes from the environment."""

import ipaddress
import os
import secrets
import sys
from datetime import timedelta
from pathlib import Path
from zoneinfo import available_timezones

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from phonenumbers import SUPPORTED_REGIONS

from aloai.static import fingerprint, never_changes

django_stubs_ext.monkeypatch()  # so that generic Django classes may name their types

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("ALOAI_VAR", BASE_DIR / "var"))
env = environ.Env()

DEBUG = env.bool("DEBUG", False)
HTTPS = env.bool("HTTPS", False)
TESTING = "pytest" in sys.modules


def _key(name: str) -> str:
    """The key from the environment, else from the file that `up` made."""
    file = VAR_DIR / name.lower()
    if value := env.str(name, ""):
        return str(value)
    try:
        return file.read_text().strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        raise ImproperlyConfigured(f"{file} cannot be read: {error.strerror}.") from error


def _zone() -> str:
    """The site's time zone: as told, else the machine's where that is one, else UTC."""
    told, machine = env.str("SITE_TIME_ZONE", ""), env.str("TZ", "")
    if told and told not in available_timezones():
        raise ImproperlyConfigured(f"SITE_TIME_ZONE: there is no time zone {told}.")
    return str(told or (machine if machine in available_timezones() else "UTC"))


def _country() -> str:
    """The country of telephone numbers that are typed without one, as two letters."""
    told = env.str("SITE_COUNTRY", "US").strip().upper()
    if told not in SUPPORTED_REGIONS:
        raise ImproperlyConfigured(f"SITE_COUNTRY: there is no country {told}.")
    return str(told)


def _database() -> dict[str, object]:
    """PostgreSQL where the environment names one, else the embedded SQLite."""
    if not env.str("DATABASE_URL", ""):
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": VAR_DIR / "aloai.sqlite3"}
    found: dict[str, object] = env.db("DATABASE_URL")
    if not str(found.get("ENGINE", "")).endswith(("postgresql", "sqlite3")):
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite://.")
    return found


def _networks(name: str) -> list[str]:
    """Addresses and networks from the environment; whatever is none is named."""
    found = env.list(name, default=[])
    for text in found:
        try:
            ipaddress.ip_network(text)
        except ValueError as error:
            told = f"{name}: “{text}” is neither an address nor a network."
            raise ImproperlyConfigured(told) from error
    return list(found)


# Before the first `up` there is no key: a new one each time, so that none can be guessed.
SECRET_KEY = _key("SECRET_KEY") or secrets.token_urlsafe(50)
CREDENTIAL_KEYS = [key for key in _key("CREDENTIAL_KEY").split(",") if key]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PUBLIC_BASE_URL = env.str("PUBLIC_BASE_URL", "")
# Whose X-Forwarded-For and X-Forwarded-Proto are believed.
TRUSTED_PROXIES = _networks("TRUSTED_PROXIES")
if HTTPS and not TRUSTED_PROXIES:
    raise ImproperlyConfigured("HTTPS needs TRUSTED_PROXIES: the proxies that handle HTTPS.")
# Networks that addresses typed by people may lead to, beside the public Internet.
OUTBOUND_ALLOWED_NETWORKS = env.list("OUTBOUND_ALLOWED_NETWORKS", default=[])
ALOAI_LOCAL_MODELS = env.bool("ALOAI_LOCAL_MODELS", False)

INSTALLED_APPS = [
    "aloai",  # first: its commands stand in for Django's of the same name
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "channels",
    "csp",
    "axes",
    "django_htmx",
    "django_q",
    "integrations",
    "agents.core",
    "agents.routing",
    "agents.contacts",
    "agents.outbox",
    "agents.calendars",
    "agents.sequences",
    "agents.functions",
    "agents.panels",
    "agents.conversations",
    "agents.transfers",
    "agents.tryit",
    "agents.demo",
    "agents.home",
    "agents.help",
]
MIDDLEWARE = [
    # Sizes tell a stranger nothing: the CSRF token is masked anew in each answer, the session's
    # cookie comes with no request from another site, and some random bytes are added.
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "aloai.middleware.StaticMiddleware",
    "aloai.busy.BusyDatabase",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_USER_MODEL = "core.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# Five wrong passwords for one address lock it for a quarter of an hour where they came from.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "agents.core.views.locked_out"
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
LOGIN_URL = "/enter/"
LOGIN_REDIRECT_URL = "/"
ROOT_URLCONF = "aloai.urls"
ASGI_APPLICATION = "aloai.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# SQLite as measured: readers never wait for the writer, writers queue at BEGIN, and what was
# acknowledged survives a power cut. Tests have nothing to lose.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA busy_timeout=20000; "
        f"PRAGMA synchronous={'OFF' if TESTING else 'FULL'};"
    ),
}
PART = env.str("ALOAI_TEST_PART", "")  # two runs of tests at once have two databases
DATABASE = _database()
if env.str("ALOAI_PROCESS", "") == "tasks":
    # Only here: under ASGI every request has a thread of its own, and connections would pile up.
    DATABASE |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
if str(DATABASE["ENGINE"]).endswith("sqlite3"):
    DATABASE |= {"OPTIONS": SQLITE_OPTIONS, "TEST": {"NAME": VAR_DIR / f"test{PART}.sqlite3"}}
else:
    DATABASE["TEST"] = {"NAME": f"test_{DATABASE['NAME']}{PART}"}
    DATABASE["OPTIONS"] = {"connect_timeout": 10, **DATABASE.get("OPTIONS", {})}  # type: ignore[dict-item]
DATABASES = {"default": DATABASE}

TASK_TIMEOUT = 90
Q_CLUSTER = {
    "name": "aloai",
    "orm": "default",
    "workers": 2,
    "queue_limit": 2,
    "bulk": 1,
    "timeout": TASK_TIMEOUT,
    "retry": 300,
    "max_attempts": 5,
    "ack_failures": False,
    "catch_up": False,
    "save_limit": -1,
    "recycle": 500,
    "poll": 0.05,
    "error_reporter": {},
    "label": "Background tasks",
}

LANGUAGE_CODE = "en-us"
TIME_ZONE = _zone()
COUNTRY = _country()
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/" if DEBUG else f"/static/{fingerprint(BASE_DIR)}/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
if not DEBUG:
    WHITENOISE_IMMUTABLE_FILE_TEST = never_changes

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {
        "refusals": {"()": "aloai.logs.ShortRefusals"},
        "floods": {"()": "aloai.logs.WithoutFloods"},
        "tokens": {"()": "aloai.logs.WithoutTokens"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["refusals", "floods", "tokens"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
    # Two that would have handlers of their own: django-q2 at INFO, uvicorn without our filters.
    "loggers": {
        "django-q": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "uvicorn": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
if HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# Bytes that a request may carry, and what differs by the beginning of its path.
BODY_LIMIT = 1024 * 1024
BODY_LIMITS = {
    "/enter/": 16 * 1024,
    "/agents/": 2560 * 1024,  # instructions come with the text that they began from
}

# The product's own waits, in seconds; tests shorten them.
ALOAI_WAITS = {
    "lease": 30.0,
    "poll": 0.25,
    "barrier": 5.0,
    "summary": 2.0,
    "judge": 2.0,
    "first_token": 3.0,  # nosec B105 - seconds
    "grace": 0.7,
    "keys": 1.5,
    "no_line_expires": 86400.0,
    "database_lock": 5.0,  # of a request; everything else waits as SQLITE_OPTIONS says
    "database_retry": 1.0,
    "heartbeat": env.float("ALOAI_HEARTBEAT", 5.0),
    "frozen": env.float("ALOAI_FROZEN", TASK_TIMEOUT + 30.0),
}
