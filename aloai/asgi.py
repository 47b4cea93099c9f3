"""The ASGI application: HTTP, WebSockets, and the process's life."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aloai.settings")
django_application = get_asgi_application()

from channels.auth import AuthMiddlewareStack  # noqa: E402 - Django must be set up first
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402

from agents.channels import startup  # noqa: E402
from agents.core import lifespan  # noqa: E402
from aloai.routing import websocket_urlpatterns  # noqa: E402

# The writer and the asking pool share the interpreter with the loop: shorter slices, less waiting.
sys.setswitchinterval(0.0005)
startup.register()


async def lifespan_application(scope: Any, receive: Any, send: Any) -> None:
    """Answer the server's start and stop."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await lifespan.start()
            await send({"type": "lifespan.startup.complete"})
        else:
            await lifespan.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


application = ProtocolTypeRouter(
    {
        "http": django_application,
        "websocket": AllowedHostsOriginValidator(
            AuthMiddlewareStack(URLRouter(websocket_urlpatterns))
        ),
        "lifespan": lifespan_application,
    }
)
