"""A production-like site; what differs from place to place comes from the environment.

DATABASE_URL REDIS_URL SECRET_KEY ALLOWED_HOSTS EMAIL_URL SMS_URL ERP_URL DEMO_DIR
"""

from __future__ import annotations

import os

from oms_portal.customers.account_settings import ACCOUNT_SETTINGS

from . import environment


DEMO_DIR = environment.demo_dir()
SECRET_KEY = environment.secret_key(DEMO_DIR)
DEBUG = False
ALLOWED_HOSTS = environment.names("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],kranich.localhost")
ROOT_URLCONF = "example_site.urls"
ASGI_APPLICATION = "example_site.asgi.application"
PORT = environment.port(DEMO_DIR)
WAGTAILADMIN_BASE_URL = f"http://localhost:{PORT}"

INSTALLED_APPS = [
    "daphne",
    "example_site.home",
    "example_site.sandbox_erp",
    "oms_portal",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "wagtail.contrib.settings",
    "wagtail.users",
    "wagtail.admin",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.sites",
    "wagtail",
    "modelcluster",
    "taggit",
    "channels",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    # The list of sessions of allauth is written with it.
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "example_site.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [environment.ROOT / "example_site" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "example_site.home.houses.house",
            ],
        },
    },
]

DATABASES = {"default": environment.database(DEMO_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": environment.cache()}
CHANNEL_LAYERS = {"default": environment.channel_layer()}
# Not cached_db: without Redis it would take every page of those who are signed in down with it.
SESSION_ENGINE = "django.contrib.sessions.backends.db"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("nl", "Nederlands"), ("ar", "العربية")]
TIME_ZONE = "Europe/Berlin"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = DEMO_DIR / "static"
STATICFILES_DIRS = [environment.ROOT / "example_site" / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DEMO_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    # Photos of returns: no address leads there but the portal's own.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DEMO_DIR / "private", "base_url": None},
    },
}

globals().update(ACCOUNT_SETTINGS)
globals().update(environment.email(DEMO_DIR))
DEFAULT_FROM_EMAIL = "Brannfeld <orders@brannfeld.example>"
# Text messages: a folder of files, or the address of a gateway.
SMS_URL = os.environ.get("SMS_URL") or f"file://{DEMO_DIR / 'sms'}"
# Where the sandbox ERP answers.
ERP_URL = os.environ.get("ERP_URL") or f"http://127.0.0.1:{PORT + 1}"
# Its papers are fetched from there, and from nowhere else; commands go there.
_ERP = ERP_URL.rstrip("/")
OMS_PORTAL = {
    "DOCUMENT_HOSTS": {"main": (_ERP,), "lyon": (_ERP,)},
    "CONNECTORS": environment.connectors(SECRET_KEY, _ERP, "main", "lyon"),
    "PRIVATE_STORAGE": "private",
    # Of the range that GS1 keeps for samples.
    "GS1_PREFIX": "952000001",
}

# Without Redis one web process is all there is, and events are applied in it.
SILENCED_SYSTEM_CHECKS = [] if os.environ.get("REDIS_URL") else ["oms_portal.W002"]

WAGTAIL_SITE_NAME = "Brannfeld"
# For the logos of brands: drawings stay sharp on every screen.
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "svg", "webp"]
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django_tasks": {"level": "WARNING"},
        "wagtail": {"level": "WARNING"},
    },
}
