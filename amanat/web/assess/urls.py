"""Addresses of the duties of an incident, of the laws, and of the calendar."""

from django.urls import path

from amanat.web.assess import calendars, controllers, decisions, duty, laws, money, questions, views, world

urlpatterns = [
    path("incidents/<uuid:incident_id>/duties/", views.duties, name="duties"),
    path("incidents/<uuid:incident_id>/duties/again/", views.assess_again, name="assess_again"),
    path("incidents/<uuid:incident_id>/duties/decide/", decisions.decide, name="decide_duty"),
    path("incidents/<uuid:incident_id>/duties/decided/", decisions.decided, name="decided_duties"),
    path("incidents/<uuid:incident_id>/duties/deadlines.ics", calendars.incident_file, name="incident_calendar"),
    path("incidents/<uuid:incident_id>/duties/one/<str:duty_id>/", duty.duty, name="duty"),
    path("incidents/<uuid:incident_id>/questions/", questions.questions, name="questions"),
    path("incidents/<uuid:incident_id>/questions/<slug:name>/", questions.answer, name="answer_question"),
    path("incidents/<uuid:incident_id>/questions/<slug:name>/wait/", questions.wait, name="await_fact"),
    path("incidents/<uuid:incident_id>/money/", money.money, name="money"),
    path("incidents/<uuid:incident_id>/money/<slug:name>/", money.money_input, name="money_input"),
    path("incidents/<uuid:incident_id>/controllers/", controllers.controllers, name="controllers"),
    path("incidents/<uuid:incident_id>/controllers/make/", controllers.make, name="make_kits"),
    path("incidents/<uuid:incident_id>/controllers/<slug:controller>/told/", controllers.mark_told, name="controller_told"),
    path("incidents/<uuid:incident_id>/controllers/<slug:name>/take/", controllers.take, name="take_kit"),
    path("incidents/<uuid:incident_id>/world/", world.world, name="world"),
    path("laws/", laws.laws, name="laws"),
    path("laws/changes/", laws.watch, name="law_watch"),
    path("calendar/deadlines.ics", calendars.feed, name="calendar_feed"),
    path("account/calendar/", calendars.keys, name="calendar_keys"),
    path("account/calendar/<uuid:key_id>/end/", calendars.end_key, name="end_calendar_key"),
]
