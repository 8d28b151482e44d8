"""Addresses of the account pages; allauth's own, but only those we use."""

from allauth.account import views as allauth
from django.urls import include, path

from amanat.web.accounts import views

urlpatterns = [
    path("setup/<str:token>/", views.setup, name="setup"),
    path("language/", views.set_language, name="set_language"),
    path("account/", views.account, name="account"),
    path("account/second-factor/", views.mfa_setup, name="mfa_setup"),
    path("staff/", views.staff, name="staff"),
    path("staff/<uuid:staff_id>/link/", views.new_link, name="new_link"),
    path("login/", allauth.login, name="account_login"),
    path("login/closed/", allauth.signup, name="account_signup"),
    path("login/inactive/", allauth.account_inactive, name="account_inactive"),
    path("logout/", allauth.logout, name="account_logout"),
    path("account/confirm/", allauth.reauthenticate, name="account_reauthenticate"),
    path("account/password/", allauth.password_change, name="account_change_password"),
    path("account/factors/", include("allauth.mfa.urls")),
]
