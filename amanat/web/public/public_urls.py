"""Addresses of what anyone may see: the status page, and "is this message really from us?"."""

from django.urls import path

from amanat.web.public import file_views, promised, views
from amanat.web.public.static_file import MEDIA_TYPES

urlpatterns = [
    path("", views.status, name="status"),
    *[path(name, views.status, {"name": name}, name=f"status_{name.replace('.', '_')}") for name in MEDIA_TYPES],
    path("promises/", promised.promises, name="public_promises"),
    path("verify/", views.verify, name="verify"),
    path("verify/keys.json", views.keys, name="verify_keys"),
    path("verify/originals.json", views.signed_originals, name="verify_originals"),
    path("verify/heads.json", views.heads, name="verify_heads"),
    path("verify/file/", file_views.verify_file, name="verify_file"),
    path("verify/released/", file_views.released, name="released"),
    path("verify/released/<str:sha256>/<str:name>", file_views.released_file, name="released_file"),
    path("verify/pictures.pem", file_views.certificate, name="verify_certificate"),
    path("verify/report/", views.report, name="report_fake"),
]
