"""The bench's WebSocket route."""

from django.urls import path

from agents.channels.bench.consumer import BenchConsumer

websocket_urlpatterns = [path("ws/try/<uuid:conversation>/", BenchConsumer.as_asgi())]
