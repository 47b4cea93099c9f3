"""Routes of the conversation screens."""

from django.urls import path

from agents.conversations import views

app_name = "conversations"

urlpatterns = [
    path("conversations/", views.conversation_list, name="list"),
    path("conversations/<uuid:pk>/", views.detail, name="detail"),
    path("conversations/<uuid:pk>/turns/", views.turns, name="turns"),
    path("conversations/<uuid:pk>/turns/<int:number>/", views.turn, name="turn"),
]
