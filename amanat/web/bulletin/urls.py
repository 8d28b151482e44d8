"""Addresses of the bulletin at the staff door."""

from django.urls import path

from amanat.web.bulletin import staff_views

urlpatterns = [
    path("incidents/<uuid:incident_id>/bulletin/<uuid:outlet_id>/", staff_views.issue, name="issue"),
    path("incidents/<uuid:incident_id>/bulletin/<uuid:outlet_id>/stop/", staff_views.stop_issue, name="stop_issue"),
    path("incidents/<uuid:incident_id>/bulletin/<uuid:outlet_id>/go-on/", staff_views.go_on_issue, name="go_on_issue"),
]
