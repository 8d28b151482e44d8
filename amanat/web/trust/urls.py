"""Addresses of the measures of an incident."""

from django.urls import path

from amanat.web.trust import views

urlpatterns = [
    path("incidents/<uuid:incident_id>/measures/", views.measures, name="measures"),
    path("incidents/<uuid:incident_id>/measures/ask/", views.measure, name="measure"),
    path("incidents/<uuid:incident_id>/measures.pdf", views.board_paper, name="board_paper"),
]
