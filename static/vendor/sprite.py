"""Builds ../icons.svg from an unpacked lucide-static package: `python sprite.py <package>`.

`lucide/icons.txt` names them; `name=source` keeps a name that Lucide has changed.
"""

import hashlib
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ICONS = (HERE / "lucide" / "icons.txt").read_text().split()
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
    names = [*sorted(p.relative_to(HERE).as_posix() for p in files), "../icons.svg"]
    hashes = {name: hashlib.sha256((HERE / name).read_bytes()).hexdigest() for name in names}
    return "".join(f"{digest}  {name}\n" for name, digest in hashes.items())


if __name__ == "__main__":
    (HERE.parent / "icons.svg").write_text(build(Path(sys.argv[1])))
    (HERE / "vendor.lock").write_text(lock())
