"""Addresses of the incident's own pages."""

from django.urls import path

from amanat.web.respond import room, views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("declare/", views.declare, name="declare"),
    path("incidents/<uuid:incident_id>/facts/", room.choose_fact, name="choose_fact"),
    path("incidents/<uuid:incident_id>/facts/<str:name>/", room.fact, name="fact"),
    path("incidents/<uuid:incident_id>/tasks/", room.add_task, name="add_task"),
    path("incidents/<uuid:incident_id>/tasks/<uuid:task_id>/done/", room.finish_task, name="finish_task"),
    path("incidents/<uuid:incident_id>/decisions/", room.add_decision, name="add_decision"),
    path("incidents/<uuid:incident_id>/run/", views.run, name="run"),
    path("incidents/<uuid:incident_id>/journal/", views.journal, name="journal"),
    path("incidents/<uuid:incident_id>/journal.jsonl", views.journal_file, name="journal_file"),
]
