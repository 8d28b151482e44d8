"""Addresses of the desk."""

from django.urls import path

from amanat.web.care import help_views, surge_views, views

urlpatterns = [
    path("incidents/<uuid:incident_id>/surge/", surge_views.surge_page, name="surge"),
    path("incidents/<uuid:incident_id>/care/", views.who_needs_us, name="desk"),
    path("incidents/<uuid:incident_id>/care/cases/<uuid:case_id>/", views.case, name="case"),
    path("incidents/<uuid:incident_id>/care/cases/<uuid:case_id>/answer/", views.answer, name="answer_case"),
    path("incidents/<uuid:incident_id>/care/cases/<uuid:case_id>/claim/<uuid:claim_id>/", help_views.decide, name="decide_claim"),
    path("incidents/<uuid:incident_id>/care/claims/<uuid:claim_id>/files/<uuid:file_id>/", help_views.evidence, name="evidence"),
    path("incidents/<uuid:incident_id>/care/masters/", views.new_master, name="new_master"),
    path("incidents/<uuid:incident_id>/care/masters/<uuid:master_id>/", views.master, name="master"),
    path("incidents/<uuid:incident_id>/care/calls-in/", views.note_call, name="note_call"),
    path("incidents/<uuid:incident_id>/care/mails/", views.bring, name="bring_mails"),
    path("incidents/<uuid:incident_id>/care/offers/", help_views.offers, name="offers"),
    path("incidents/<uuid:incident_id>/care/offers/set/", help_views.set_offers, name="set_offers"),
    path("incidents/<uuid:incident_id>/care/offers/<uuid:row_id>/given/", help_views.give, name="give_offer"),
    path("incidents/<uuid:incident_id>/care/calls/", help_views.calls, name="calls"),
    path("incidents/<uuid:incident_id>/care/calls/<uuid:call_id>/", help_views.move, name="move_call"),
]
