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
from django.conf import settings  # noqa: E402
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware  # noqa: E402

from agents.channels import startup  # noqa: E402
from agents.core import lifespan  # noqa: E402
from aloai.limits import BodyLimit  # noqa: E402
from aloai.origins import SameOrigin  # noqa: E402
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


routes = ProtocolTypeRouter(
    {
        "http": BodyLimit(django_application),
        "websocket": SameOrigin(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
        "lifespan": lifespan_application,
    }
)
# Who asks, and by which scheme, is read from the headers of these proxies and of nobody else.
application = ProxyHeadersMiddleware(routes, trusted_hosts=settings.TRUSTED_PROXIES)
