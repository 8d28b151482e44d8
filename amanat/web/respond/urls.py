"""Addresses of the incident's own pages."""

from django.urls import path

from amanat.web.respond import alerts, promise_views, room, views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("declare/", views.declare, name="declare"),
    path("alerts/<uuid:alert_id>/open/", alerts.open_from_alert, name="open_from_alert"),
    path("alerts/<uuid:alert_id>/join/", alerts.join_incident, name="join_incident"),
    path("incidents/<uuid:incident_id>/alerts/", alerts.incident_alerts, name="incident_alerts"),
    path("incidents/<uuid:incident_id>/phase/", room.move_phase, name="move_phase"),
    path("incidents/<uuid:incident_id>/facts/", room.choose_fact, name="choose_fact"),
    path("incidents/<uuid:incident_id>/facts/<str:name>/", room.fact, name="fact"),
    path("incidents/<uuid:incident_id>/tasks/", room.add_task, name="add_task"),
    path("incidents/<uuid:incident_id>/tasks/<uuid:task_id>/done/", room.finish_task, name="finish_task"),
    path("incidents/<uuid:incident_id>/decisions/", room.add_decision, name="add_decision"),
    path("incidents/<uuid:incident_id>/promises/", promise_views.promises, name="promises"),
    path("incidents/<uuid:incident_id>/promises/<uuid:promise_id>/", promise_views.promise, name="promise"),
    path("incidents/<uuid:incident_id>/run/", views.run, name="run"),
    path("incidents/<uuid:incident_id>/journal/", views.journal, name="journal"),
    path("incidents/<uuid:incident_id>/journal.jsonl", views.journal_file, name="journal_file"),
]
