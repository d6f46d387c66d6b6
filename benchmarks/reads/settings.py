"""Settings of one worker: a site as ``startproject`` makes it, with the package, one peer, and REST framework's
throttling on. The limits run in the same site, behind the same middleware.
"""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [path for path in (str(ROOT), str(ROOT / "src")) if path not in sys.path]

PEER = os.environ.get("PRODEV_BENCH_PEER", "")

SECRET_KEY = "for the benchmark only"
DEBUG = False
ALLOWED_HOSTS = ["*"]
USE_TZ = True
ROOT_URLCONF = "benchmarks.reads.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_prodev",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

_database = urlsplit(os.environ.get("DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/postgres")
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("PRODEV_BENCH_DATABASE", "prodev_bench"),
        "USER": _database.username or "postgres",
        "PASSWORD": _database.password or "",
        "HOST": _database.hostname or "127.0.0.1",
        "PORT": str(_database.port or 5432),
        "CONN_MAX_AGE": None,
    }
}

REDIS_URL = os.environ.get("REDIS_URL") or "redis://127.0.0.1:6379/9"
# Throttles count in the default cache, which is in the process: a cache server is no part of these workloads.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "redis": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": REDIS_URL},
}

REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "1000000/second", "user": "1000000/second"},
}

# What a read costs when nothing is kept; the workloads of the cache switch it on.
DJANGO_PRODEV = {"CACHE": PEER != "ours", "CACHE_ALIAS": "redis"}

match PEER:
    case "undine_optimizer":
        INSTALLED_APPS += ["undine"]
        UNDINE = {"SCHEMA": "benchmarks.reads.peers.undine_optimizer.schema", "MAX_QUERY_COMPLEXITY": 100}
    case "ours_redis":
        DJANGO_PRODEV["CACHE_MEMORY_BYTES"] = 0
    case "cachalot":
        INSTALLED_APPS += ["cachalot"]
        CACHALOT_CACHE = "redis"
    case "cacheops":
        INSTALLED_APPS += ["cacheops"]
        CACHEOPS_REDIS = REDIS_URL
        CACHEOPS = {"*.*": {"ops": "all", "timeout": 300}}
