"""First word, throughput and CPU of a turn, beside a floor that asks the same of the model.

`python bench/turn.py` starts a scripted model, the product and the floor, all on loopback, and
measures them in turn. Its last line is one JSON object; times in milliseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

ROOT = Path(__file__).resolve().parent.parent
if __package__ is None:  # run as a file: only its own folder is on the path
    sys.path.insert(0, str(ROOT))

from bench.scenario import CALL, CALLING, TURNS, words  # noqa: E402
from tests.fakes.llm_replies import call, encoded  # noqa: E402

FIRST_MS, TOKEN_MS, TOKENS = 300.0, 5.0, 20
KEY = "test-key"


@dataclass
class Side:
    """One of the two servers."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    paths: list[str] = field(default_factory=list)
    cookie: str = ""

    def cpu(self) -> float:
        """User and system seconds so far."""
        values = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(values[11]) + int(values[12])) / os.sysconf("SC_CLK_TCK")


@dataclass
class Result:
    """What one round gave."""

    first: list[float] = field(default_factory=list)
    opening: list[float] = field(default_factory=list)
    turns: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    held: int = 0


def free_port() -> int:
    """A port that nobody uses."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    command: list[str], env: dict[str, str], port: int
) -> Iterator[subprocess.Popen[bytes]]:
    """A server of ours; ended by its id."""
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **env})
    try:
        _wait(port, process)
        yield process
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    import socket

    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit("A server of the bench ended.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("A server of the bench does not answer.")


SET_UP = """
import json, sys
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from agents.tryit.services import start_test
from agents.contacts.models import Tag
from agents.core.services import ensure_user
from agents.panels import services as panels
from bench.scenario import CONDITIONS, INSTRUCTIONS
from integrations.services import save_connection
url, count = %r, %d
save_connection(vendor="model", name="Model", credentials={"api_key": "test-key"}, settings={
    "base_url": url, "chat": "chat", "judge": "judge", "judge_kind": "decisions"})
user = ensure_user(email="bench@example.com", role="admin")
agent = panels.create_agent(name="Front desk", kind="text", user=user)
panels.save_instructions(panel=agent.panel, text=INSTRUCTIONS)
for number, condition in enumerate(CONDITIONS):
    tag = Tag.objects.create(name=f"Tag {number}")
    action = panels.add_action(panel=agent.panel, slug="communication_tag")
    panels.save_action(action=action, draft=panels.ActionDraft(when=condition, config={
        "tags": [{"id": "1", "tag": f"tag:{tag.pk}"}]}))
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
agent.refresh_from_db()
ids = [str(start_test(agent=agent, contact=None, channel="chat", direction="inbound", attempt=1,
                      user=user).id) for _ in range(count)]
print(json.dumps({"cookie": session.session_key, "ids": ids}))
"""


def prepare(folder: Path, model: str, conversations: int) -> dict[str, Any]:
    """A migrated database with an agent of twelve actions and the conversations."""
    env = {**os.environ, **_product_env(folder)}
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "-v", "0"], cwd=ROOT, env=env, check=True)
    script = SET_UP % (model, conversations)
    done = subprocess.run(
        [*manage, "shell", "-v", "0", "-c", script],
        cwd=ROOT,
        env=env,
        check=True,
        capture_output=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout.decode().strip().splitlines()[-1])
    return answer


def _product_env(folder: Path) -> dict[str, str]:
    from cryptography.fernet import Fernet

    key = folder / "key"
    if not key.exists():
        key.write_text(Fernet.generate_key().decode())
    return {
        "ALOAI_VAR": str(folder),
        "ALOAI_LOCAL_MODELS": "1",
        "ALOAI_NO_BOOTSTRAP": "1",
        "SECRET_KEY": "bench-" * 12,
        "CREDENTIAL_KEY": key.read_text(),
        "PYTHONPATH": str(ROOT),
    }


@dataclass(frozen=True)
class Pace:
    """The scripted model's own time: to an answer's first chunk, and from each to the next."""

    first_ms: float
    token_ms: float

    def own(self, number: int) -> float:
        """What the model itself takes to the first word of a turn's reply.

        Its first chunk holds no word. A call is streamed to its end before the reply is asked for.
        """
        word = self.first_ms + self.token_ms
        if number not in CALLING:
            return word
        chunks = encoded(call(*CALL), with_usage=True)
        return self.first_ms + (len(chunks) - 1) * self.token_ms + word


async def converse(session: aiohttp.ClientSession, side: Side, path: str, pace: Pace) -> Result:
    """One conversation of ten turns."""
    result = Result()
    headers = {"Cookie": f"sessionid={side.cookie}", "Origin": f"http://127.0.0.1:{side.port}"}
    url = f"http://127.0.0.1:{side.port}{path}"
    async with session.ws_connect(url, headers=headers, max_msg_size=0) as socket:
        if side.cookie:  # the product greets first
            while (await socket.receive_json())["type"] != "state":
                continue
        for number in range(TURNS):
            begun = time.perf_counter()
            await socket.send_json({"type": "say", "id": str(number), "text": words(number)})
            first = 0.0
            async for message in socket:
                frame = json.loads(message.data)
                if frame["type"] == "text" and not first:
                    first = (time.perf_counter() - begun) * 1000
                if frame["type"] == "turn":
                    break
            result.turns += 1
            (result.first if number else result.opening).append(first - pace.own(number))
    return result


async def round_of(side: Side, paths: list[str], pace: Pace, at_once: int) -> Result:
    """Conversations on one side, so many at once."""
    total = Result()
    before, begun = side.cpu(), time.perf_counter()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        for start in range(0, len(paths), at_once):
            several = [converse(session, side, p, pace) for p in paths[start : start + at_once]]
            for result in await asyncio.gather(*several):
                total.first += result.first
                total.opening += result.opening
                total.turns += result.turns
    total.seconds, total.cpu = time.perf_counter() - begun, side.cpu() - before
    return total


def held_turns(folder: Path, paths: list[str]) -> int:
    """In how many turns of these conversations the engine held a sentence back."""
    ids = [path.split("/")[3].replace("-", "") for path in paths]
    marks = ",".join("?" * len(ids))
    query = f"SELECT count(*) FROM conversations_turn WHERE json_extract(timings, '$.held') = 1 AND conversation_id IN ({marks})"  # noqa: S608, E501 - marks are question marks
    with closing(sqlite3.connect(folder / "aloai.sqlite3")) as database:
        return int(database.execute(query, ids).fetchone()[0])


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of all lie."""
    ordered = sorted(values)
    return round(ordered[min(int(len(ordered) * share), len(ordered) - 1)], 2)


def first_words(rounds: dict[str, list[Result]]) -> dict[str, float]:
    """Medians over the rounds."""
    found: dict[str, float] = {}
    for name, results in rounds.items():
        prefix = "floor_" if name == "floor" else ""
        for label, share in (("first_ms_p50", 0.5), ("first_ms_p95", 0.95)):
            found[prefix + label] = statistics.median(percentile(r.first, share) for r in results)
        held = sum(r.held for r in results) / max(sum(r.turns for r in results), 1)
        found[prefix + "held_share"] = round(held if name != "floor" else 0.0, 3)
    return found


def burden(rounds: dict[str, list[Result]]) -> dict[str, float]:
    """CPU and throughput, medians over the rounds."""
    found: dict[str, float] = {}
    for name, results in rounds.items():
        prefix = "floor_" if name == "floor" else ""
        found[prefix + "cpu_ms_turn"] = round(
            statistics.median(r.cpu * 1000 / r.turns for r in results), 2
        )
        found[prefix + "turns_per_s"] = round(
            statistics.median(r.turns / r.seconds for r in results), 1
        )
    return found


@dataclass
class Plan:
    """How much is measured: conversations a round at one and at fifty, and rounds."""

    single: int
    many: int
    rounds: int


def measure(plan: Plan, pace: Pace) -> dict[str, dict[str, list[Result]]]:
    """Both sides against one scripted model, interleaved round by round."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    ports = {name: free_port() for name in ("model", "ours", "floor")}
    url = f"http://127.0.0.1:{ports['model']}/v1"
    fake = [sys.executable, "-m", "tests.fakes.llm", "--port", str(ports["model"])]
    fake += ["--first-ms", str(pace.first_ms), "--per-token-ms", str(pace.token_ms)]
    fake += ["--tokens", str(TOKENS)]
    need = (plan.single + plan.many) * plan.rounds + 2
    found: dict[str, dict[str, list[Result]]] = {"1": {}, "50": {}}
    try:
        made = prepare(folder, url, need)
        ids = iter(made["ids"])
        with (
            running(fake, {"ALOAI_LOCAL_MODELS": "1"}, ports["model"]),
            running(
                _serve("aloai.asgi", ports["ours"]), _product_env(folder), ports["ours"]
            ) as ours,
            running(
                _serve("bench.floor", ports["floor"]), {"BENCH_MODEL": url}, ports["floor"]
            ) as floor,
        ):
            sides = [
                Side("ours", ports["ours"], ours, cookie=made["cookie"]),
                Side("floor", ports["floor"], floor),
            ]
            for side in sides:  # warm both
                asyncio.run(round_of(side, [_path(side, ids)], pace, 1))
            for _ in range(plan.rounds):
                for label, count, at_once in (("1", plan.single, 1), ("50", plan.many, 50)):
                    for side in sides if count else []:
                        paths = [_path(side, ids) for _ in range(count)]
                        result = asyncio.run(round_of(side, paths, pace, at_once))
                        result.held = held_turns(folder, paths) if side.cookie else 0
                        found[label].setdefault(side.name, []).append(result)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return found


def _serve(module: str, port: int) -> list[str]:
    return [
        sys.executable, "-m", "uvicorn", f"{module}:application", "--port", str(port),
        "--loop", "uvloop", "--ws", "websockets-sansio", "--no-access-log", "--log-level", "error",
    ]  # fmt: skip


def _path(side: Side, ids: Iterator[str]) -> str:
    return f"/ws/try/{next(ids)}/" if side.cookie else "/"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--single", type=int, default=8, help="conversations a round, one by one")
    parser.add_argument("--many", type=int, default=100, help="conversations a round, 50 at once")
    parser.add_argument("--short", action="store_true", help="a quick look, no figures to quote")
    options = parser.parse_args()
    plan = Plan(options.single, options.many, options.rounds)
    if options.short:
        plan = Plan(1, 4, 1)
    timed = measure(plan, Pace(20.0, 1.0) if options.short else Pace(FIRST_MS, TOKEN_MS))
    busy = measure(Plan(0, plan.many, plan.rounds), Pace(0.0, 0.0))
    found = {
        "1": first_words(timed["1"]),
        "50": first_words(timed["50"]),
        "cpu": burden(busy["50"]),
    }
    for label in ("1", "50"):
        opening = {
            name: percentile([v for r in results for v in r.opening], 0.5)
            for name, results in timed[label].items()
        }
        print(f"{label:>3} at once  first turn of a conversation, p50: {opening}")
    for label, values in found.items():
        for name in [name for name in values if not name.startswith("floor_")]:
            floor = values["floor_" + name]
            ratio = f"{values[name] / floor:.2f} x" if floor else ""
            print(f"{label:>4}  {name:<14} {values[name]:>9}   floor {floor:>9}   {ratio}")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
