"""Settings, from the environment (12-factor). `.env.example` lists every variable; docs/running.md explains them."""

import hashlib
from pathlib import Path

import django_stubs_ext
import environ
from csp.constants import NONCE, NONE, SELF
from kombu import Exchange, Queue
from whitenoise.compress import Compressor

from canvas_review.environment import load_environment
from canvas_review.file_settings import file_backend
from canvas_review.logs import configure_logs

django_stubs_ext.monkeypatch()  # lets classes such as ModelAdmin be written with their type parameters

BASE_DIR = Path(__file__).resolve().parent.parent
load_environment(BASE_DIR)
env = environ.Env()

PRODUCTION: bool = env.str("CANVAS_ENV", default="local") == "production"
DEBUG: bool = env.bool("DEBUG", default=False)
CANVAS_DEMO: bool = env.bool("CANVAS_DEMO", default=not PRODUCTION)
SECRET_KEY: str = env.str("SECRET_KEY")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- the house ------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "canvas_review.apps.CanvasReviewConfig",
    "accounts.apps.AccountsConfig",
    "delivery.apps.DeliveryConfig",
    "generation.apps.GenerationConfig",
    "reviews.apps.ReviewsConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pghistory",
    "pgtrigger",
    "rest_framework",
    "storages",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "canvas_review.middleware.CompressedPagesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "accounts.middleware.RouteRuleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "canvas_review.middleware.StorageAwayMiddleware",
]
ROOT_URLCONF = "canvas_review.urls"
WSGI_APPLICATION = "canvas_review.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
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
                "csp.context_processors.nonce",
                "canvas_review.context.words",
                "canvas_review.context.navigation",
                "canvas_review.context.demonstration",
            ]
        },
    }
]
# Who may reach which route: each module holds RULES, route name -> Rule. A route without a rule is refused.
POLICY_MODULES = [
    "canvas_review.policies",
    "accounts.policies",
    "delivery.policies",
    "generation.policies",
    "reviews.policies",
]

# --- data -----------------------------------------------------------------------------------------------------------
DATA_DIR = Path(env.str("CANVAS_DATA_DIR"))
DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"]["OPTIONS"] = {
    "pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL_SIZE", default=20), "timeout": 10},
    # The role's own limits: a stuck statement or an idle transaction must never hold up the floor (docs/running.md).
    "options": "-c statement_timeout={statement} -c lock_timeout={lock} "
    "-c idle_in_transaction_session_timeout=30s -c synchronous_commit=on".format(
        statement=env.str("DATABASE_STATEMENT_TIMEOUT", default="15s"),
        lock=env.str("DATABASE_LOCK_TIMEOUT", default="2s"),
    ),
}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
REDIS_URL: str = env.str("REDIS_URL")

# Counts sign-in attempts across the web processes; nothing that must last is kept there.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.str("CACHE_URL", default=REDIS_URL),
        "KEY_PREFIX": "cache",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
}

# Original images, masks, previews, snapshots and exports; never a public folder.
FILE_NAME_SECRET: str = env.str("CANVAS_FILE_NAME_SECRET")
STORAGES = {
    "default": file_backend(env, DATA_DIR / "files"),
    "staticfiles": {"BACKEND": "canvas_review.static_storage.HashedModulesStorage"},
}
# Nobody asks for a file by its name without the hash, and a map of somebody else's sources is for their debugger.
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_HANDLERS = [
    "canvas_review.uploads.CappedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FILES = 10
IMPORT_MAX_BYTES: int = env.int("IMPORT_MAX_BYTES", default=4 * 1024**3)
# Routes that take larger files than pictures are, from whom their rule lets in.
LARGE_UPLOADS = {"generation:imports": IMPORT_MAX_BYTES, "api:import-list": IMPORT_MAX_BYTES}

# --- models and machines --------------------------------------------------------------------------------------------
SHIPPED_MODELS_DIR = BASE_DIR / "generation" / "weights"
MODELS_DIR = BASE_DIR / env.str("CANVAS_MODELS_DIR", default=str(DATA_DIR / "models"))
DEVICE: str = env.str("CANVAS_DEVICE", default="cpu")
DTYPE: str = env.str("CANVAS_DTYPE", default="float32")
# Beside the rectangle: what proposes masks by itself, and the folder of its weights below MODELS_DIR.
SEGMENTER: str = env.str("SEGMENTER", default="")
SEGMENTER_MODEL: str = env.str("SEGMENTER_MODEL", default="")
TORCH_THREADS: int = env.int("CANVAS_TORCH_THREADS", default=0)  # 0: as many as the machine has cores

# --- identity -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "accounts.adapter.ClosedSignup"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
REQUIRE_ADMIN_MFA: bool = env.bool("CANVAS_REQUIRE_ADMIN_MFA", default=PRODUCTION)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_SAVE_EVERY_REQUEST = True  # twelve idle hours, not twelve hours
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
else:
    # Browsers do not tell ports apart: signing in to one local installation must not sign out of the one beside it.
    _installation = hashlib.sha256(str(DATA_DIR).encode()).hexdigest()[:8]
    SESSION_COOKIE_NAME = f"session-{_installation}"
    CSRF_COOKIE_NAME = f"csrf-{_installation}"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
globals().update(env.email("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL: str = env.str("EMAIL_FROM", default="canvas-review@localhost")
EMAIL_TIMEOUT = 20
SITE_URL: str = env.str("SITE_URL", default="")  # links in e-mails begin with it; without it there are none
# Webhooks to http:// and to addresses of this machine's own network: for development only.
WEBHOOK_ALLOW_PRIVATE: bool = env.bool("WEBHOOK_ALLOW_PRIVATE", default=False)

# --- words ----------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]  # each by its own name, as people look for it
LANGUAGE_COOKIE_NAME = "language"  # what somebody chose who was not signed in; a person's own choice goes before it
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

# --- tasks: PostgreSQL is the truth, the broker is a hint (docs/decisions/0003-outbox-and-attempts.md) ----------------
_VISIBILITY_TIMEOUT = 1800
_SOFT_SHUTDOWN = 30
CELERY_BROKER_URL = REDIS_URL
# Without an exchange of their own both would be bound to the same key, and every message would reach both.
CELERY_TASK_QUEUES = [Queue(name, Exchange(name), routing_key=name) for name in ("gpu", "cpu")]
CELERY_TASK_DEFAULT_QUEUE = "cpu"
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_SOFT_TIME_LIMIT = 840
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = _SOFT_SHUTDOWN
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": _VISIBILITY_TIMEOUT,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 10,
}
CELERY_VISIBILITY_TIMEOUT = _VISIBILITY_TIMEOUT
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": _VISIBILITY_TIMEOUT}
# 0 goes first. What finishes a request overtakes what begins one, or the first result of a long backlog would come
# after the last painting; and nothing may hold up the sweep.
CELERY_TASK_ROUTES = {
    "generation.produce": {"priority": 6},
    "generation.train": {"priority": 6},
    "generation.screen": {"priority": 3},
    "generation.import_slice": {
        "priority": 3
    },  # short slices in turn with the guards: neither waits for all of the other
    "reviews.render_export": {"priority": 6},
    "reviews.tell_outcomes": {"priority": 6},
    "reviews.rework_slice": {"priority": 6},
    # Whoever answers slowly must not hold up the guards.
    "delivery.send_webhook": {"priority": 9},
    "delivery.mail_notice": {"priority": 9},
}
CELERY_BEAT_SCHEDULE = {
    "restart-silent-work": {"task": "generation.sweep", "schedule": 5.0, "options": {"queue": "cpu", "expires": 15}},
    "restart-silent-exports": {
        "task": "reviews.sweep_exports",
        "schedule": 15.0,
        "options": {"queue": "cpu", "expires": 15},
    },
    "pull-scored-requests": {
        "task": "reviews.pull_scored",
        "schedule": 60.0,
        "options": {"queue": "cpu", "expires": 60},
    },
    "pull-later-visits": {
        "task": "reviews.pull_later_visits",
        "schedule": 60.0,
        "options": {"queue": "cpu", "expires": 60},
    },
    "merge-tallies": {"task": "reviews.merge_tallies", "schedule": 60.0, "options": {"queue": "cpu", "expires": 60}},
    "pull-kept-masks": {
        "task": "reviews.pull_kept",
        "schedule": 60.0,
        "options": {"queue": "cpu", "expires": 60},
    },
    "prune-imports": {
        "task": "generation.prune_imports",
        "schedule": 3600.0,
        "options": {"queue": "cpu", "expires": 3600},
    },
    "send-overdue-webhooks": {
        "task": "delivery.sweep_webhooks",
        "schedule": 60.0,
        "options": {"queue": "cpu", "expires": 60},
    },
    "watch-queues": {"task": "reviews.watch_queues", "schedule": 60.0, "options": {"queue": "cpu", "expires": 60}},
    "watch-drift": {"task": "reviews.watch_drift", "schedule": 3600.0, "options": {"queue": "cpu", "expires": 3600}},
    "watch-known": {"task": "reviews.watch_known", "schedule": 300.0, "options": {"queue": "cpu", "expires": 300}},
    "prune-outbox": {"task": "delivery.prune", "schedule": 3600.0, "options": {"queue": "cpu", "expires": 3600}},
}

# --- API ------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.ApiTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.permissions.RouteRulePermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["canvas_review.parsing.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "canvas_review.lists.CanvasCursorPagination",
    "DEFAULT_FILTER_BACKENDS": ["canvas_review.lists.OfferedFilters"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "canvas_review.api.problem_details",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Canvas Review API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["accounts.permissions.RouteRulePermission"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "canvas_review.openapi.describe_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "MessageState": "delivery.models.webhooks.MessageState",
        "CandidateState": "generation.models.candidates.CandidateState",
        "EngineKind": "generation.models.training.EngineKind",
        "ExportState": "reviews.models.exports.ExportState",
        "ImportKind": "generation.models.imports.ImportKind",
        "RequestState": "generation.models.requests.RequestState",
        "OfferedPurpose": "reviews.models.queues.OFFERED",
        "ProposalState": "generation.models.masks.ProposalState",
        "RunState": "generation.models.training.RunState",
        "VersionState": "generation.models.training.VersionState",
    },
}

LOGGING = configure_logs(level=env.str("LOG_LEVEL", default="INFO"), as_json=PRODUCTION)
# What was done stays told: rows of a history are protected by triggers, from the web as from everybody.
PGHISTORY_APPEND_ONLY = True
PGHISTORY_BASE_MODEL = "accounts.histories.Event"
PGHISTORY_MIDDLEWARE_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
