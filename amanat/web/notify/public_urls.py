"""The one address of the public door where e-mail providers tell what became of mails."""

from django.urls import path

from amanat.web.notify import told

urlpatterns = [
    path("told/mailgun/", told.told, {"provider": "mailgun"}, name="told_mailgun"),
    path("told/postmark/", told.told, {"provider": "postmark"}, name="told_postmark"),
]
