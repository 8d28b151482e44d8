"""Addresses of the pages about notices, approval, sending and reach."""

from django.urls import path

from amanat.web.notify import texts, views

urlpatterns = [
    path("incidents/<uuid:incident_id>/notices/", texts.notices, name="notices"),
    path("incidents/<uuid:incident_id>/notices/<str:notice_id>/", texts.notice, name="notice"),
    path("incidents/<uuid:incident_id>/notices/<str:notice_id>/languages/", texts.languages, name="notice_languages"),
    path("incidents/<uuid:incident_id>/notices/<str:notice_id>/changes/", texts.changes, name="notice_changes"),
    path("incidents/<uuid:incident_id>/notices/<str:notice_id>/samples/", texts.samples, name="notice_samples"),
    path("incidents/<uuid:incident_id>/notices/<str:notice_id>/<int:sample>/", texts.sample, name="notice_sample"),
    path("incidents/<uuid:incident_id>/notices/<str:notice_id>/<int:sample>/letter/", texts.letter, name="notice_letter"),
    path("incidents/<uuid:incident_id>/notices/<str:notice_id>/<int:sample>/letter.png", texts.letter_picture, name="notice_letter_picture"),
    path("incidents/<uuid:incident_id>/approve/", views.approve, name="approve"),
    path("incidents/<uuid:incident_id>/approve/sign/", views.sign, name="sign"),
    path("incidents/<uuid:incident_id>/approve/<uuid:approval_id>/", views.countersign, name="countersign"),
    path("incidents/<uuid:incident_id>/sending/", views.sending, name="sending"),
    path("incidents/<uuid:incident_id>/sending/stop/", views.stop, name="stop_sending"),
    path("incidents/<uuid:incident_id>/sending/go-on/", views.go_on, name="go_on_sending"),
    path("incidents/<uuid:incident_id>/reach/", views.reach, name="reach"),
    path("incidents/<uuid:incident_id>/reach/proof/", views.proof, name="proof_pack"),
]
