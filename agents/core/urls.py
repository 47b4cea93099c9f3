"""Routes of the entrance."""

from django.contrib import admin
from django.urls import path

from agents.core import views

app_name = "core"
urlpatterns = [
    path("", views.start, name="start"),
    path("health/", views.health, name="health"),
    path("enter/", views.enter, name="enter"),
    path("enter/<str:token>/", views.enter_by_link, name="enter_link"),
    path("leave/", views.leave, name="leave"),
    path("admin/password_change/", admin.site.admin_view(views.OwnPassword.as_view())),
]
