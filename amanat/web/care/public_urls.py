"""Addresses of my page and of the lessons, at the public door."""

from django.urls import path

from amanat.web.care import person_views as views
from amanat.web.care import proof_views

urlpatterns = [
    path("my/", views.code, name="my_code"),
    path("my/code/<str:typed>/", views.code, name="my_link"),
    path("my/proof/", views.proof, name="my_proof"),
    path("my/proof/again/", views.again, name="my_proof_again"),
    path("my/page/", views.page, name="my_page"),
    path("my/page/step/<slug:step>/", views.step, name="my_step"),
    path("my/page/offer/<slug:offer>/", views.offer, name="my_offer"),
    path("my/page/ask/", views.ask, name="my_ask"),
    path("my/page/harm/", views.harm, name="my_harm"),
    path("my/page/survey/", views.survey, name="my_survey"),
    path("my/page/record/", proof_views.record, name="my_record"),
    path("my/page/record/<uuid:proof_id>/", proof_views.record_file, name="my_record_file"),
    path("my/leave/", views.leave, name="my_leave"),
    path("learn/", views.learn, name="learn"),
    path("learn/<slug:name>/", views.lesson, name="lesson"),
]
