"""Routes of the entrance."""

from django.urls import path

from agents.core import views

app_name = "core"
urlpatterns = [
    path("", views.start, name="start"),
    path("health/", views.health, name="health"),
    path("enter/", views.enter, name="enter"),
    path("enter/<str:token>/", views.enter_by_link, name="enter_link"),
    path("leave/", views.leave, name="leave"),
]
