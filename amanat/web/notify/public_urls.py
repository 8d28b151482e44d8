"""Addresses of the public door where e-mail providers and the company's own portal tell what became of messages."""

from django.urls import path

from amanat.web.notify import told

urlpatterns = [
    path("told/mailgun/", told.told, {"provider": "mailgun"}, name="told_mailgun"),
    path("told/postmark/", told.told, {"provider": "postmark"}, name="told_postmark"),
    path("told/brevo/", told.told, {"provider": "brevo"}, name="told_brevo"),
    path("told/mailjet/", told.told, {"provider": "mailjet"}, name="told_mailjet"),
    path("told/sendgrid/", told.told, {"provider": "sendgrid"}, name="told_sendgrid"),
    path("told/ses/", told.told, {"provider": "ses"}, name="told_ses"),
    path("told/portal/", told.told, {"provider": "portal"}, name="told_portal"),
]
