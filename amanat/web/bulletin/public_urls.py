"""Addresses of the bulletin at the public door."""

from django.urls import path

from amanat.web.bulletin import views

urlpatterns = [
    path("bulletin/", views.bulletin, name="bulletin"),
    path("bulletin/confirm/<slug:token>/", views.confirm, name="bulletin_confirm"),
    path("bulletin/leave/<slug:token>/", views.leave, name="bulletin_leave"),
]
