"""WebSocket routes of the site."""

from agents.tryit.routing import websocket_urlpatterns as tryit

websocket_urlpatterns = [*tryit]
