"""Addresses of the public door: the `public_urls.py` of every folder of the web, and nothing else.

The language stands in the path, so that no cookie is needed for it.
"""

from importlib import import_module
from pathlib import Path

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from amanat.web.public import views

HERE = Path(__file__).parent
FOLDERS = sorted(p.parent.name for p in HERE.glob("*/public_urls.py"))

urlpatterns = [
    path("", views.home),
    *i18n_patterns(*[path("", include(import_module(f"amanat.web.{folder}.public_urls"))) for folder in FOLDERS]),
]

handler403 = "amanat.web.errors.forbidden"
handler404 = "amanat.web.errors.not_found"
handler400 = "amanat.web.errors.bad_request"
handler500 = "amanat.web.errors.broken"
