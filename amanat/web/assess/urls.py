"""Addresses of the duties of an incident."""

from django.urls import path

from amanat.web.assess import views

urlpatterns = [
    path("incidents/<uuid:incident_id>/duties/", views.duties, name="duties"),
    path("incidents/<uuid:incident_id>/duties/decide/", views.decide, name="decide_duty"),
]
