#!/usr/bin/env python3
"""The command line. `up` starts the product, `test` runs the tests; both need only Python."""

import os
import sys

from aloai import bootstrap


def run_tests() -> int:
    """The suite, with Chromium for the browser tests; arguments go to pytest."""
    if missing := bootstrap.chromium():
        print(f"{missing} Its tests are skipped.", flush=True)  # noqa: T201
    import pytest

    return int(pytest.main(sys.argv[2:]))


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
