"""Routes of Try it."""

from django.urls import path

from agents.tryit import views

app_name = "tryit"

urlpatterns = [
    path("conversations/<uuid:pk>/trail/", views.trail, name="trail"),
    path("conversations/<uuid:pk>/replay/", views.replay, name="replay"),
    path("conversations/<uuid:pk>/draft/", views.draft, name="draft"),
    path("agents/<uuid:agent>/try/", views.try_agent, name="try"),
    path("agents/<uuid:agent>/try/dock/", views.try_dock, name="dock"),
]
