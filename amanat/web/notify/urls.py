"""Addresses of the pages about notices, approval and sending."""

from django.urls import path

from amanat.web.notify import views

urlpatterns = [
    path("incidents/<uuid:incident_id>/notices/", views.notices, name="notices"),
    path("incidents/<uuid:incident_id>/notices/<str:notice_id>/<int:sample>/", views.sample, name="notice_sample"),
    path("incidents/<uuid:incident_id>/notices/<str:notice_id>/letter/", views.letter, name="notice_letter"),
    path("incidents/<uuid:incident_id>/approve/", views.approve, name="approve"),
    path("incidents/<uuid:incident_id>/approve/sign/", views.sign, name="sign"),
    path("incidents/<uuid:incident_id>/approve/<uuid:approval_id>/", views.countersign, name="countersign"),
    path("incidents/<uuid:incident_id>/sending/", views.sending, name="sending"),
    path("incidents/<uuid:incident_id>/sending/stop/", views.stop, name="stop_sending"),
    path("incidents/<uuid:incident_id>/sending/go-on/", views.go_on, name="go_on_sending"),
    path("incidents/<uuid:incident_id>/reach/", views.reach, name="reach"),
]
