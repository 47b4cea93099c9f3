"""The floor: a bare ASGI WebSocket and the plain `openai` loop as everyone writes it.

It makes the same model requests as the product: one chat request with twelve tools and one
decisions request at the same moment, and a second chat request after a tool call.
"""

from __future__ import annotations

import asyncio
import json
import os
from typing import Any

from openai import AsyncOpenAI, pydantic_function_tool
from pydantic import BaseModel, Field, create_model

from bench.scenario import CONDITIONS, INSTRUCTIONS

client = AsyncOpenAI(base_url=os.environ["BENCH_MODEL"], api_key="test-key")


def _tool(number: int, condition: str) -> Any:
    model: type[BaseModel] = create_model(
        f"Tool{number}", tags=(list[str], Field(description="The tags that apply"))
    )
    name = "communication_tag" if number == 0 else f"communication_tag_{number + 1}"
    return pydantic_function_tool(model, name=name, description=f"Label it when: {condition}")


TOOLS = [_tool(number, condition) for number, condition in enumerate(CONDITIONS)]
QUESTIONS: list[Any] = [
    {"type": "predicate", "name": f"a{number}", "instructions": f"Is this true: {condition}"}
    for number, condition in enumerate(CONDITIONS)
]


async def turn(messages: list[Any], send: Any) -> None:
    """One exchange: judge and chat at once, tools, a follow-up where one was called."""
    judge = asyncio.create_task(
        client.decisions.create(model="judge", input=json.dumps(messages[-3:]), questions=QUESTIONS)
    )
    for _ in range(4):
        called: dict[int, dict[str, str]] = {}
        said = ""
        stream = await client.chat.completions.create(
            model="chat",
            messages=messages,
            tools=TOOLS,
            stream=True,
            stream_options={"include_usage": True},
        )
        async for chunk in stream:
            if not chunk.choices:
                continue
            delta = chunk.choices[0].delta
            if delta.content:
                said += delta.content
                await _text(send, delta.content)
            for piece in delta.tool_calls or []:
                slot = called.setdefault(piece.index, {"id": "", "name": "", "arguments": ""})
                slot["id"] = piece.id or slot["id"]
                if piece.function:
                    slot["name"] += piece.function.name or ""
                    slot["arguments"] += piece.function.arguments or ""
        if not called:
            messages.append({"role": "assistant", "content": said})
            break
        messages.append(
            {
                "role": "assistant",
                "content": said or None,
                "tool_calls": [
                    {
                        "id": one["id"],
                        "type": "function",
                        "function": {"name": one["name"], "arguments": one["arguments"]},
                    }
                    for one in called.values()
                ],
            }
        )
        for one in called.values():
            json.loads(one["arguments"])
            messages.append({"role": "tool", "tool_call_id": one["id"], "content": "Done."})
    await judge


async def _text(send: Any, piece: str) -> None:
    await send({"type": "websocket.send", "text": json.dumps({"type": "text", "t": piece})})


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Lifespan and WebSocket, nothing else."""
    if scope["type"] == "lifespan":
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})
        return
    messages: list[Any] = [{"role": "system", "content": INSTRUCTIONS}]
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        frame = json.loads(event["text"])
        messages.append({"role": "user", "content": frame["text"]})
        await turn(messages, send)
        await send({"type": "websocket.send", "text": json.dumps({"type": "turn"})})
