"""WebSocket routes of the site."""

from agents.channels.bench.routing import websocket_urlpatterns as bench

websocket_urlpatterns = [*bench]
