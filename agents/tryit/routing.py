"""The WebSocket route of Try it."""

from django.urls import path

from agents.tryit.consumer import TryItConsumer

websocket_urlpatterns = [path("ws/try/<uuid:conversation>/", TryItConsumer.as_asgi())]
