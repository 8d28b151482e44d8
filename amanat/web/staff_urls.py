"""Addresses of the staff door: the `urls.py` of every folder of the web except the public one."""

from importlib import import_module
from pathlib import Path

from django.urls import include, path

HERE = Path(__file__).parent
FOLDERS = sorted(p.parent.name for p in HERE.glob("*/urls.py") if p.parent.name != "public")

urlpatterns = [path("", include(import_module(f"amanat.web.{folder}.urls"))) for folder in FOLDERS]

handler403 = "amanat.web.errors.forbidden"
handler404 = "amanat.web.errors.not_found"
handler400 = "amanat.web.errors.bad_request"
handler500 = "amanat.web.errors.broken"
