"""Addresses of the public door. The language stands in the path, so that no cookie is needed."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import path

from amanat.web.public import views

urlpatterns = [
    path("", views.home),
    *i18n_patterns(
        path("", views.status, name="status"),
        path("verify/", views.verify, name="verify"),
    ),
]

handler403 = "amanat.web.errors.forbidden"
handler404 = "amanat.web.errors.not_found"
handler400 = "amanat.web.errors.bad_request"
handler500 = "amanat.web.errors.broken"
