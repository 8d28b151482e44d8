"""Addresses of readiness."""

from django.urls import path

from amanat.web.readiness import views

urlpatterns = [
    path("ready/", views.ready, name="ready"),
    path("ready/files/", views.files, name="ready_files"),
    path("ready/look/", views.look, name="ready_look"),
    path("ready/drill/", views.drill, name="ready_drill"),
    path("ready/<slug:name>/", views.control, name="ready_control"),
]
