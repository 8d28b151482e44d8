"""Addresses of the affected persons of an incident."""

from django.urls import path

from amanat.web.scope import views

urlpatterns = [
    path("incidents/<uuid:incident_id>/affected/", views.affected, name="affected"),
    path("incidents/<uuid:incident_id>/affected/find/", views.find_person, name="find_person"),
    path("incidents/<uuid:incident_id>/affected/reading/", views.reading, name="reading"),
    path("incidents/<uuid:incident_id>/affected/list/", views.export, name="export_people"),
    path("incidents/<uuid:incident_id>/affected/<uuid:person_id>/", views.person, name="person"),
    path("incidents/<uuid:incident_id>/affected/<uuid:person_id>/places/<int:number>/", views.reveal, name="reveal"),
    path("incidents/<uuid:incident_id>/review/", views.review, name="review"),
]
