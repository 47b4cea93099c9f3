"""Routes of the conversation screens and of Try it."""

from django.urls import path

from agents.conversations import views

app_name = "conversations"

urlpatterns = [
    path("conversations/", views.conversation_list, name="list"),
    path("conversations/<uuid:pk>/", views.detail, name="detail"),
    path("conversations/<uuid:pk>/turns/", views.turns, name="turns"),
    path("conversations/<uuid:pk>/turns/<int:number>/", views.turn, name="turn"),
    path("conversations/<uuid:pk>/outbox/", views.outbox, name="outbox"),
    path("conversations/<uuid:pk>/draft/", views.draft, name="draft"),
    path("agents/<uuid:agent>/try/", views.try_agent, name="try"),
]
