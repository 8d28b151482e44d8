"""Addresses of what staff hand in."""

from django.urls import path

from amanat.web.detect import views

urlpatterns = [
    path("alerts/", views.alerts, name="alerts"),
    path("alerts/handed-in/<uuid:handed_in_id>/", views.handed_in, name="handed_in"),
]
