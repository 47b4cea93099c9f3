"""Start and stop of the web process: the model client is warm, nothing written is lost."""

from __future__ import annotations

import asyncio

from agents.core import lifespan
from agents.core import writer as writing
from integrations.llm.client import close_clients, warm
from integrations.services import endpoint_for, model_connection


async def warm_models() -> None:
    """Open the connection to the model before the first call needs it."""
    connection = await asyncio.wrap_future(writing.writer.submit(model_connection))
    if connection:
        await warm(endpoint_for(connection, "chat"))


async def flush_writer() -> None:
    """Wait until everything handed over is written."""
    await asyncio.to_thread(writing.writer.flush)
    await close_clients()


def register() -> None:
    """Tell the process's life about us."""
    lifespan.on_start(warm_models)
    lifespan.on_stop(flush_writer)
