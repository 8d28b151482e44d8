"""Addresses of the pages about notices, approval, sending and reach."""

from django.urls import path

from amanat.web.notify import forms_views, outlets_views, proof_views, reach_views, texts, views

urlpatterns = [
    path("incidents/<uuid:incident_id>/notices/", texts.notices, name="notices"),
    path("incidents/<uuid:incident_id>/texts/", texts.others, name="other_texts"),
    path("incidents/<uuid:incident_id>/texts/keep/", texts.keep_others, name="keep_other_texts"),
    path("incidents/<uuid:incident_id>/notices/<str:notice_id>/stand/", texts.let_stand, name="let_stand"),
    path("incidents/<uuid:incident_id>/notices/<str:notice_id>/", texts.notice, name="notice"),
    path("incidents/<uuid:incident_id>/notices/<str:notice_id>/languages/", texts.languages, name="notice_languages"),
    path("incidents/<uuid:incident_id>/notices/<str:notice_id>/changes/", texts.changes, name="notice_changes"),
    path("incidents/<uuid:incident_id>/notices/<str:notice_id>/samples/", texts.samples, name="notice_samples"),
    path("incidents/<uuid:incident_id>/notices/<str:notice_id>/<int:sample>/", texts.sample, name="notice_sample"),
    path("incidents/<uuid:incident_id>/notices/<str:notice_id>/<int:sample>/letter/", texts.letter, name="notice_letter"),
    path("incidents/<uuid:incident_id>/notices/<str:notice_id>/<int:sample>/letter.png", texts.letter_picture, name="notice_letter_picture"),
    path("incidents/<uuid:incident_id>/forms/", forms_views.forms, name="forms"),
    path("incidents/<uuid:incident_id>/forms/sent/<uuid:submission_id>/", forms_views.form_sent, name="form_sent"),
    path("incidents/<uuid:incident_id>/forms/sent/<uuid:submission_id>/number/", forms_views.form_number, name="form_number"),
    path("incidents/<uuid:incident_id>/forms/<slug:form_id>/", forms_views.form, name="form"),
    path("incidents/<uuid:incident_id>/forms/<slug:form_id>/form.pdf", forms_views.form_pdf, name="form_pdf"),
    path("incidents/<uuid:incident_id>/forms/<slug:form_id>/form.json", forms_views.form_json, name="form_json"),
    path("incidents/<uuid:incident_id>/forms/<slug:form_id>/hand-in/", forms_views.form_hand_in, name="form_hand_in"),
    path("incidents/<uuid:incident_id>/forms/<slug:form_id>/fields/<str:field_id>/", forms_views.form_field, name="form_field"),
    path("incidents/<uuid:incident_id>/statements/", outlets_views.statements, name="statements"),
    path("incidents/<uuid:incident_id>/statements/sign/", outlets_views.sign_statement, name="sign_statement"),
    path("incidents/<uuid:incident_id>/statements/<uuid:statement_id>/release/", outlets_views.release_statement, name="release_statement"),
    path("incidents/<uuid:incident_id>/statements/draft/<slug:outlet>/<path:name>", outlets_views.draft_file, name="draft_file"),
    path("incidents/<uuid:incident_id>/statements/out/<uuid:outlet_id>/withdraw/", outlets_views.withdraw_outlet, name="withdraw_outlet"),
    path("incidents/<uuid:incident_id>/statements/out/<uuid:outlet_id>/<path:name>", outlets_views.statement_file, name="statement_file"),
    path("incidents/<uuid:incident_id>/approve/", views.approve, name="approve"),
    path("incidents/<uuid:incident_id>/approve/sign/", views.sign, name="sign"),
    path("incidents/<uuid:incident_id>/approve/<uuid:approval_id>/", views.countersign, name="countersign"),
    path("incidents/<uuid:incident_id>/sending/", views.sending, name="sending"),
    path("incidents/<uuid:incident_id>/sending/stop/", views.stop, name="stop_sending"),
    path("incidents/<uuid:incident_id>/sending/go-on/", views.go_on, name="go_on_sending"),
    path("incidents/<uuid:incident_id>/reach/", views.reach, name="reach"),
    path("incidents/<uuid:incident_id>/reach/list/", reach_views.reach_file, name="reach_file"),
    path("incidents/<uuid:incident_id>/reach/proof/", views.proof, name="proof_pack"),
    path("incidents/<uuid:incident_id>/reach/person/<uuid:person_id>/", proof_views.person_proof, name="person_proof"),
    path("incidents/<uuid:incident_id>/reach/proof/<uuid:proof_id>/", proof_views.proof_file, name="proof_file"),
]
