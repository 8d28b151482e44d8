"""Addresses of what anyone may see: the status page, and "is this message really from us?"."""

from django.urls import path

from amanat.web.public import views

urlpatterns = [
    path("", views.status, name="status"),
    path("feed.atom", views.feed, name="feed"),
    path("verify/", views.verify, name="verify"),
    path("verify/report/", views.report, name="report_fake"),
]
