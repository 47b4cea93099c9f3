#!/usr/bin/env python3
"""The command line. `up` starts the product, `test` runs the tests; both need only Python."""

import os
import subprocess
import sys
from tempfile import TemporaryFile

from aloai import bootstrap

# Playwright keeps a loop running in its process, where `asyncio.run` then fails: two processes,
# which run at once, each with a test database of its own.
NO_TESTS = 5  # of a part, where the arguments name only tests of the other one
PARTS = ("not soak and not browser", "browser and not soak")


def run_tests() -> int:
    """The suite, with Chromium for the browser tests; arguments go to pytest."""
    if missing := bootstrap.chromium():
        print(f"{missing} Its tests are skipped.", flush=True)  # noqa: T201
    pytest = [sys.executable, "-m", "pytest", *sys.argv[2:]]
    if "-m" in sys.argv[2:]:
        return subprocess.call(pytest)  # noqa: S603 - our own tests
    codes = run_parts(pytest)
    failed = [code for code in codes if code not in (0, NO_TESTS)]
    return failed[0] if failed else min(codes)


def run_parts(pytest: list[str]) -> list[int]:
    """Both parts; what the second one prints follows what the first one printed."""
    first, second = ([*pytest, "-m", part] for part in PARTS)
    with TemporaryFile("w+") as printed:
        env = {**os.environ, "ALOAI_TEST_PART": "-2"}
        beside = subprocess.Popen(second, env=env, stdout=printed, stderr=printed)  # noqa: S603
        try:
            codes = [subprocess.call(first), beside.wait()]  # noqa: S603 - our own tests
        finally:
            beside.kill()
        printed.seek(0)
        sys.stdout.write(printed.read())
    return codes


if __name__ == "__main__":
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    bootstrap.enter(command)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aloai.settings")
    if command == "test":
        sys.exit(run_tests())
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
