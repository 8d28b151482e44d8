"""Addresses of the affected persons of an incident."""

from django.urls import path

from amanat.web.scope import views

urlpatterns = [path("incidents/<uuid:incident_id>/affected/", views.affected, name="affected")]
