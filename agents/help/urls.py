"""Routes of Help."""

from django.urls import path, re_path

from agents.help import views

app_name = "help"
urlpatterns = [
    path("help/", views.start, name="start"),
    path("help/search/", views.find, name="search"),
    re_path(
        r"^help/pictures/(?P<file>(?:forms/)?[a-z0-9_-]+\.png)$", views.picture, name="picture"
    ),
    path("help/<slug:topic>/", views.page, name="page"),
]
