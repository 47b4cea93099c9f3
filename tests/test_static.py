"""What is vendored is what was locked, and every icon that a page names exists."""

import hashlib
import re
from pathlib import Path

from actions.registry import all_types

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
NAMED = re.compile(r"""\{% icon ["']([\w-]+)["']""")


def test_vendored_files_match_their_lock() -> None:
    lines = (VENDOR / "vendor.lock").read_text().splitlines()
    wrong = [
        name
        for digest, name in (line.split(maxsplit=1) for line in lines)
        if hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() != digest
    ]
    assert wrong == []


def test_every_named_icon_is_in_the_sprite() -> None:
    sprite = (ROOT / "static" / "icons.svg").read_text()
    known = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    pages = [path.read_text() for path in (ROOT / "templates").rglob("*.html")]
    named = {name for page in pages for name in NAMED.findall(page)}
    named |= {kind.icon for kind in all_types()}
    assert named - known == set()
