"""Routes of the library."""

from django.urls import path

from agents.routing.views import creating, library

app_name = "routing"

urlpatterns = [
    path("library/", library.library, name="library"),
    path("library/new/", creating.pick_new, name="pick_new"),
    path("library/edit/", creating.pick_edit, name="pick_edit"),
    path("library/<slug:shelf>/", library.library, name="shelf"),
    path("library/<slug:shelf>/new/", library.entry, name="new"),
    path("library/<slug:shelf>/<str:key>/", library.entry, name="entry"),
    path("library/<slug:shelf>/<str:key>/delete/", library.delete, name="delete"),
]
