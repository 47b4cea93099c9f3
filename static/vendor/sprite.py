"""Builds ../icons.svg from an unpacked lucide-static package: `python sprite.py <package>`.

Names are Lucide's own; `name=source` keeps the name that the pages use for a source of another name.
"""

import hashlib
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ICONS = """
activity archive arrow-down arrow-left arrow-right arrow-up audio-lines ban bell book book-user bot
braces building-2 calendar calendar-check calendar-clock chart-column check chevron-down
chevron-left chevron-right chevron-up chevrons-up-down circle circle-alert circle-check circle-dot
circle-help=circle-question-mark circle-x clipboard-check clipboard-list clock code contact copy
corner-down-right database delete download ellipsis external-link eye eye-off file-text filter flag
flask-conical folder function-square=square-function gauge git-branch git-compare globe grid-3x3
grip-vertical hand hash headphones history home=house hourglass id-card inbox info key-round
keyboard layers link list list-checks list-filter list-ordered list-plus list-todo loader
loader-circle lock log-in log-out mail map-pin menu message-circle message-square
message-square-plus message-square-text messages-square mic mic-off minus monitor moon
notebook-pen panel-right pause pencil phone phone-call phone-forward=phone-forwarded phone-incoming
phone-missed phone-off phone-outgoing pin play plug plug-zap plus power radio refresh-cw repeat
rotate-ccw rotate-cw route save scroll-text search send server settings shield shield-check
skip-forward sliders-horizontal smartphone split square square-pen star sun sun-moon tag tags
ticket timer trash-2 triangle-alert undo-2 redo-2 unlink upload user user-check user-cog user-plus
user-round user-x users voicemail volume-2 webhook workflow wrench x zap
""".split()
DRAWING = re.compile(r"<svg[^>]*>(.*?)</svg>", re.DOTALL)


def symbol(name: str, drawing: str) -> str:
    """One symbol; stroke and size come from the style sheet of the page that uses it."""
    match = DRAWING.search(drawing)
    if match is None:
        raise ValueError(f"{name} is no drawing")
    lines = "".join(line.strip().replace(" />", "/>") for line in match[1].splitlines())
    return f'<symbol id="{name}" viewBox="0 0 24 24">{lines}</symbol>'


def build(package: Path) -> str:
    """The whole sprite, in alphabetical order."""
    symbols = []
    for entry in sorted(ICONS):
        name, _, source = entry.partition("=")
        symbols.append(symbol(name, (package / "icons" / f"{source or name}.svg").read_text()))
    head = '<svg xmlns="http://www.w3.org/2000/svg">\n<!-- Lucide, ISC: vendor/lucide/LICENSE -->\n'
    return head + "\n".join(symbols) + "\n</svg>\n"


def lock() -> str:
    """The hash of everything vendored or built, one per line as `sha256sum -c` reads it."""
    files = [p for p in HERE.rglob("*") if p.is_file() and p.suffix in {".woff2", ""}]
    names = sorted(p.relative_to(HERE).as_posix() for p in files) + ["../icons.svg"]
    hashes = {name: hashlib.sha256((HERE / name).read_bytes()).hexdigest() for name in names}
    return "".join(f"{digest}  {name}\n" for name, digest in hashes.items())


if __name__ == "__main__":
    (HERE.parent / "icons.svg").write_text(build(Path(sys.argv[1])))
    (HERE / "vendor.lock").write_text(lock())
