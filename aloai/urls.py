"""Routes of the site."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

handler400 = "aloai.failures.bad_request"
handler500 = "aloai.failures.failed"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("agents.core.urls")),
    path("", include("agents.demo.urls")),
    path("", include("agents.home.urls")),
    path("", include("agents.help.urls")),
    path("", include("agents.conversations.urls")),
    path("", include("agents.tryit.urls")),
    path("", include("agents.contacts.urls")),
    path("", include("agents.panels.urls")),
    path("", include("agents.functions.urls")),
    path("", include("agents.routing.urls")),
    path("", include("integrations.urls")),
    path("admin/login/", RedirectView.as_view(pattern_name="core:enter", query_string=True)),
    path("admin/", admin.site.urls),
]
