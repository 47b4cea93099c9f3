"""Routes of the conversation screens and of Try it."""

from django.urls import path

from agents.conversations import views

app_name = "conversations"

urlpatterns = [
    path("conversations/", views.conversation_list, name="list"),
    path("conversations/<uuid:pk>/", views.detail, name="detail"),
    path("conversations/<uuid:pk>/turns/", views.turns, name="turns"),
    path("conversations/<uuid:pk>/turns/<int:number>/", views.turn, name="turn"),
    path("conversations/<uuid:pk>/trail/", views.trail, name="trail"),
    path("conversations/<uuid:pk>/replay/", views.replay, name="replay"),
    path("conversations/<uuid:pk>/draft/", views.draft, name="draft"),
    path("agents/<uuid:agent>/try/", views.try_agent, name="try"),
    path("agents/<uuid:agent>/try/dock/", views.try_dock, name="dock"),
]
