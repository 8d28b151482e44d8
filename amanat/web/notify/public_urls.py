"""Addresses of the public door where e-mail providers and the company's own portal tell what became of messages."""

from django.urls import path

from amanat.web.notify import told

urlpatterns = [
    path("told/mailgun/", told.told, {"provider": "mailgun"}, name="told_mailgun"),
    path("told/postmark/", told.told, {"provider": "postmark"}, name="told_postmark"),
    path("told/ses/", told.told, {"provider": "ses"}, name="told_ses"),
    path("told/portal/", told.told, {"provider": "portal"}, name="told_portal"),
]
