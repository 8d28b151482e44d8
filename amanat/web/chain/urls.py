"""Addresses of an incident's first page, and of what the public reads about it."""

from django.urls import path

from amanat.web.chain import deadlines, erasure, updates, views

urlpatterns = [
    path("deadlines/", deadlines.deadlines, name="deadlines"),
    path("incidents/<uuid:incident_id>/", views.incident, name="incident"),
    path("incidents/<uuid:incident_id>/erase/", erasure.erase, name="erase_people"),
    path("incidents/<uuid:incident_id>/erase/<uuid:erasure_id>/", erasure.confirm, name="confirm_erasure"),
    path("incidents/<uuid:incident_id>/updates/", updates.updates, name="updates"),
    path("incidents/<uuid:incident_id>/updates/<uuid:update_id>/publish/", updates.publish, name="publish_update"),
    path("incidents/<uuid:incident_id>/reports/<uuid:report_id>/", updates.look_at, name="look_at_report"),
    path("incidents/<uuid:incident_id>/reports/<uuid:report_id>/detection/", updates.hand_on, name="hand_on_report"),
]
