"""Hardened settings: what holds everywhere. dev, test and production only say how they differ.

Every value that an installation may change comes from the environment; README has the table.
"""

import sys
from pathlib import Path

import environ
from celery.schedules import crontab

from cms.settings import release, secret

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()
env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env("VAR_DIR", default="") or BASE_DIR / "var")
VAR_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = False
SECRET_KEY = env("SECRET_KEY", default="") or secret.key_from_file(VAR_DIR / "secret_key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_ID = 1
ICP_NUMBER = env("ICP_NUMBER", default="")

INSTALLED_APPS = [
    # Ours first, so that our templates win over a library's.
    "cms.demo",
    "cms.analytics",
    "cms.topics",
    "cms.interactions",
    "cms.matrix",
    "cms.news",
    "cms.members",
    "search",
    "django_comments_xtd",
    "django_comments",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.weixin",
    "allauth.socialaccount.providers.weibo",
    "django_htmx",
    "wagtail_modeladmin",
    "wagtail.api.v3",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "cms.members.apps.PeopleConfig",  # wagtail.users
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "rest_framework",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sites",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "cms.middleware.AdminPolicyMiddleware",
    "cms.middleware.OnlyUtf8Middleware",
    "cms.news.pagecache.PageCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "cms.members.middleware.TooOftenMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cms.middleware.OnlySiteMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"

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
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

# --- State -------------------------------------------------------------------------------------

SQLITE_OPTIONS = {
    # WAL lets web, worker and beat read while one writes; IMMEDIATE takes the write lock at
    # BEGIN, so that a reader never fails half-way when it turns into a writer.
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=30000;"
        " PRAGMA temp_store=MEMORY; PRAGMA mmap_size=1073741824; PRAGMA cache_size=-32768;"
    ),
}


def database_from(url: str) -> dict:
    """Turn DATABASE_URL into Django's settings; SQLite and PostgreSQL each with their options."""
    database = environ.Env.db_url_config(url)
    # Kept between requests: with SQLite too, opening costs as much as several queries.
    database["CONN_MAX_AGE"] = 600
    if "sqlite" in database["ENGINE"]:
        database["OPTIONS"] = {**SQLITE_OPTIONS, **database.get("OPTIONS", {})}
    else:
        database["CONN_HEALTH_CHECKS"] = True
    return database


DATABASE_URL = env("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'rongmei.sqlite3'}")
DATABASES = {"default": database_from(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "rongmei",
        }
    }
else:
    # Files, because web, worker and beat are separate processes and must see one cache.
    CACHES = {
        "default": {
            "BACKEND": "cms.filecache.FileCache",
            "LOCATION": VAR_DIR / "cache",
            "OPTIONS": {"MAX_ENTRIES": 5000},
        }
    }
CACHES["renditions"] = {**CACHES["default"], "TIMEOUT": 7 * 86400}
# Small and many: who was counted already. Its own place, so that it pushes no kept page out.
CACHES["visits"] = {**CACHES["default"], "TIMEOUT": 3600}
if not REDIS_URL:
    for name in ("renditions", "visits"):
        CACHES[name]["LOCATION"] = VAR_DIR / f"cache-{name}"
RELEASE = env("RELEASE", default="") or release.fingerprint(
    BASE_DIR / "templates", BASE_DIR / "cms" / "static"
)
PAGE_CACHE_SECONDS = env.int("PAGE_CACHE_SECONDS", default=3600)

# --- Jobs --------------------------------------------------------------------------------------

BROKER_DIR = VAR_DIR / "broker"
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
else:
    for folder in ("in", "processed", "control"):
        (BROKER_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        # One folder for both directions: every process is producer and consumer.
        "data_folder_in": str(BROKER_DIR / "in"),
        "data_folder_out": str(BROKER_DIR / "in"),
        "processed_folder": str(BROKER_DIR / "processed"),
        "control_folder": str(BROKER_DIR / "control"),
        "store_processed": False,
        "polling_interval": 0.1,
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
# One task beside each in hand: more would be late for the others, or lost with the worker.
CELERY_WORKER_PREFETCH_MULTIPLIER = 2
CELERY_TASK_TIME_LIMIT = 300
CELERY_TIMEZONE = "Asia/Shanghai"
# Celery closes the database before and after each task; opening PostgreSQL costs more than most
# tasks do. cms.celery closes what is old or broken instead, as Django does for requests.
CELERY_DB_REUSE_MAX = sys.maxsize
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "publish-scheduled": {"task": "news.publish_scheduled", "schedule": 60},
    "fetch-feeds": {"task": "news.fetch_due_feeds", "schedule": 60},
    "sweep-deliveries": {"task": "matrix.sweep_deliveries", "schedule": 5},
    "beat-worker": {"task": "matrix.beat_worker", "schedule": 30},
    "probe-accounts": {"task": "matrix.probe_accounts", "schedule": crontab(hour=6, minute=40)},
    "watch-deliveries": {"task": "matrix.watch", "schedule": 600},
    # Yesterday's figures are ready after 08:00; what is late is asked for again (contract §11).
    "take-daily-figures": {
        "task": "matrix.take_daily_figures",
        "schedule": crontab(hour="8-20/3", minute=30),
    },
    "fetch-replies": {
        "task": "matrix.fetch_replies",
        "schedule": env.int("REPLY_SECONDS", 300),
    },
    "take-figures": {
        "task": "matrix.take_figures",
        "schedule": env.int("FIGURE_SECONDS", 3600),
    },
    "group-voices": {
        "task": "topics.group_voices",
        "schedule": env.int("TOPIC_SECONDS", 300),
    },
    "purge-imports": {"task": "topics.purge_imports", "schedule": 3600},
    # Lost messages to those who asked are found here; who asked meanwhile is taken in.
    "tend-cases": {"task": "topics.tend_cases", "schedule": 300},
    "purge-records": {
        "task": "interactions.purge_records",
        "schedule": crontab(hour=4, minute=20),
    },
    "screen-waiting": {"task": "interactions.screen_waiting", "schedule": 15},
    # Texts of a poll join the moderators' queue, a few at once: sooner would tell whose they are.
    "release-answers": {"task": "interactions.release_answers", "schedule": 600},
    "sweep-reindex": {"task": "search.sweep_reindex", "schedule": 60},
    "refresh-vocabulary": {
        "task": "search.refresh_vocabulary",
        "schedule": env.int("VOCABULARY_SECONDS", 600),
    },
    "find-new-words": {"task": "search.find_new_words", "schedule": 86400},
    "send-digests": {"task": "members.send_digests", "schedule": crontab(hour=18, minute=0)},
    "purge-personal-data": {"task": "members.purge", "schedule": crontab(hour=3, minute=20)},
}

# --- People ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "cms.members.adapter.PhoneAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "cms.members.forms.SignupExtras"
# 后台实名 (《跟帖评论服务管理规定》 art. 4): a code by text message shows whose number it is.
ACCOUNT_PHONE_VERIFICATION_ENABLED = True
ACCOUNT_PHONE_VERIFICATION_MAX_ATTEMPTS = 5
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_CHANGE = True
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_TIMEOUT = 10 * 60
ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
# By the hour and the day cms.members.adapter counts; here only what comes in one breath.
ACCOUNT_RATE_LIMITS = {"verify_phone": "1/30s/key", "change_phone": "6/m/user"}
# Who changes the phone or the address, takes a copy or gives the account up enters the password.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_FORMS = {
    "change_phone": "cms.members.allauth_forms.PhoneForm",
    "verify_phone": "cms.members.allauth_forms.CodeForm",
}
SMS_BACKEND = env("SMS_BACKEND", default="cms.members.sms.gateway")
SMS_GATEWAY_URL = env("SMS_GATEWAY_URL", default="")
SMS_GATEWAY_TOKEN = env("SMS_GATEWAY_TOKEN", default="")
SMS_OUTBOX_SHOWN = False  # dev shows what the outbox holds; anywhere else that is a way in.
UNION_CONTACT = env("UNION_CONTACT", default="")
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
SOCIALACCOUNT_FORMS = {"signup": "cms.members.allauth_forms.SocialSignupForm"}
SOCIALACCOUNT_ADAPTER = "cms.members.adapter.NicknameAdapter"
SOCIALACCOUNT_PROVIDERS = {
    provider: {
        "APPS": [
            {
                "client_id": env(f"{provider.upper()}_LOGIN_ID"),
                "secret": env(f"{provider.upper()}_LOGIN_SECRET", default=""),
                "key": "",
            }
        ]
    }
    for provider in ("weixin", "weibo")
    if env(f"{provider.upper()}_LOGIN_ID", default="")
}

# --- Language and time -------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
LOCALE_PATHS = [BASE_DIR / "cms" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# --- Files -------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
CHART_FILES = BASE_DIR / "node_modules" / ".static" / "echarts"  # deploy/assets.sh puts them there.
STATICFILES_DIRS = [
    BASE_DIR / "cms" / "static",
    *([("echarts", CHART_FILES)] if CHART_FILES.is_dir() else []),
]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
# Behind nginx pictures never reach Django; without it (make run) Django hands them out.
SERVE_MEDIA = env.bool("SERVE_MEDIA", default=False)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- Wagtail -----------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "融媒工会"
WAGTAILADMIN_BASE_URL = env("SITE_URL", default="http://127.0.0.1:8000")
WAGTAILIMAGES_IMAGE_MODEL = "news.CustomImage"
WAGTAILDOCS_DOCUMENT_MODEL = "news.CustomDocument"
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "avif"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "pdf", "pptx", "rtf", "txt", "xlsx", "zip"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "search.backends.auto"}}
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_FINISH_WORKFLOW_ACTION = "cms.news.workflow.story_publish"
WAGTAILEMBEDS_FINDERS = []  # No look-ups on other people's servers.
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILADMIN_USER_LOGIN_FORM = "cms.members.login.AdminLoginForm"
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {
        "WIDGET": "wagtail.admin.rich_text.DraftailRichTextArea",
        "OPTIONS": {"features": ["bold", "italic", "ul", "ol", "link", "document-link"]},
    }
}

# --- Comments ----------------------------------------------------------------------------------

COMMENTS_APP = "django_comments_xtd"
COMMENTS_XTD_MODEL = "cms.interactions.models.UnionComment"
COMMENTS_XTD_MAX_THREAD_LEVEL = 2
COMMENTS_XTD_CONFIRM_EMAIL = False
COMMENTS_XTD_THREADED_EMAILS = False
COMMENTS_XTD_SALT = SECRET_KEY[:24].encode()
COMMENTS_XTD_APP_MODEL_OPTIONS = {
    "default": {
        "allow_flagging": False,
        "allow_feedback": False,
        "show_feedback": False,
        "who_can_post": "users",
    }
}

# A dotted path to an outside checker of texts (cms/interactions/screening.py); none by default.
MODERATION_CHECKER = env("MODERATION_CHECKER", default="")

# --- Channels and feeds ------------------------------------------------------------------------

# A newsroom on the open internet must not be talked into fetching its own intranet.
ALLOW_PRIVATE_ADDRESSES = env.bool("ALLOW_PRIVATE_ADDRESSES", default=False)
SANDBOX_URL = env("SANDBOX_URL", default="")
# Multiplies all waiting times of the matrix (cms/matrix/pace.py); for rehearsals.
MATRIX_PACE = env.float("MATRIX_PACE", default=1.0)

# --- Security ----------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31536000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=True)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 14 * 86400
# Read from the cache, kept in the database: who is signed in is asked with every click.
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = False  # The admin's own scripts read it.
X_FRAME_OPTIONS = "DENY"  # cms.middleware lets the admin frame its own previews.

SELF = "'self'"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": ["'none'"],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}
# Wagtail's admin carries inline styles and scripts; it is behind a login and gets its own policy.
ADMIN_CONTENT_SECURITY_POLICY = {
    "script-src": [SELF, "'unsafe-inline'"],
    "style-src": [SELF, "'unsafe-inline'"],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {"httpx": {"level": "WARNING"}, "celery.beat": {"level": "WARNING"}},
}
EMAIL_URL = env("EMAIL_URL", default="consolemail://")
vars().update(environ.Env.email_url_config(EMAIL_URL))
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="融媒工会 <noreply@localhost>")
