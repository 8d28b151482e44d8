"""Addresses of the incident's own pages."""

from django.urls import path

from amanat.web.respond import views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("declare/", views.declare, name="declare"),
    path("incidents/<uuid:incident_id>/journal/", views.journal, name="journal"),
    path("incidents/<uuid:incident_id>/journal.jsonl", views.journal_file, name="journal_file"),
]
