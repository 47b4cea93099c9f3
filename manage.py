#!/usr/bin/env python3
"""The command line. `up` starts the product, `test` runs the tests; both need only Python."""

import os
import subprocess
import sys

from aloai import bootstrap

# Playwright keeps a loop running in its process, where `asyncio.run` then fails: two processes.
NO_TESTS = 5  # of a part, where the arguments name only tests of the other one
PARTS = ("not soak and not browser", "browser and not soak")


def run_tests() -> int:
    """The suite, with Chromium for the browser tests; arguments go to pytest."""
    if missing := bootstrap.chromium():
        print(f"{missing} Its tests are skipped.", flush=True)  # noqa: T201
    pytest = [sys.executable, "-m", "pytest", *sys.argv[2:]]
    if "-m" in sys.argv[2:]:
        return subprocess.call(pytest)  # noqa: S603 - our own tests
    codes = [subprocess.call([*pytest, "-m", part]) for part in PARTS]  # noqa: S603
    failed = [code for code in codes if code not in (0, NO_TESTS)]
    return failed[0] if failed else min(codes)


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
