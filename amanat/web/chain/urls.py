"""Address of an incident's first page."""

from django.urls import path

from amanat.web.chain import views

urlpatterns = [path("incidents/<uuid:incident_id>/", views.incident, name="incident")]
