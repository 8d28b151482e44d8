"""Addresses of the affected persons of an incident."""

from django.urls import path

from amanat.web.scope import audit_views, register_views, views

urlpatterns = [
    path("incidents/<uuid:incident_id>/affected/", views.affected, name="affected"),
    path("incidents/<uuid:incident_id>/affected/find/", views.find_person, name="find_person"),
    path("incidents/<uuid:incident_id>/affected/reading/", views.reading, name="reading"),
    path("incidents/<uuid:incident_id>/affected/list/", views.export, name="export_people"),
    path("incidents/<uuid:incident_id>/affected/<uuid:person_id>/", views.person, name="person"),
    path("incidents/<uuid:incident_id>/affected/<uuid:person_id>/places/<int:number>/", views.reveal, name="reveal"),
    path("incidents/<uuid:incident_id>/register/", register_views.register, name="register"),
    path("incidents/<uuid:incident_id>/review/", views.review, name="review"),
    path("incidents/<uuid:incident_id>/audit/", audit_views.audit, name="audit"),
    path("incidents/<uuid:incident_id>/audit/draw/", audit_views.draw, name="draw_audit"),
    path("incidents/<uuid:incident_id>/audit/drawing/", audit_views.drawing, name="audit_drawing"),
    path("incidents/<uuid:incident_id>/audit/<uuid:audit_id>/", audit_views.audit, name="audit_of"),
    path("incidents/<uuid:incident_id>/audit/<uuid:audit_id>/next/", audit_views.next_item, name="audit_next"),
    path("incidents/<uuid:incident_id>/audit/<uuid:audit_id>/<int:number>/", audit_views.item, name="audit_item"),
    path("incidents/<uuid:incident_id>/audit/<uuid:audit_id>/<int:number>/values/", audit_views.values, name="audit_values"),
]
