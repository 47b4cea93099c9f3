"""No file imports itself by way of others; imports for types and inside functions count too."""

from __future__ import annotations

from collections.abc import Mapping

import grimp

from tests.house.test_house import OURS


def on_circles(imports: Mapping[str, set[str]]) -> set[str]:
    """The files on a circle, or between two: all others are taken away from the outside in."""
    left = set(imports)
    while True:
        imported = {other for file in left for other in imports[file]}
        kept = {file for file in left & imported if imports[file] & left}
        if kept == left:
            return left
        left = kept


def test_no_file_imports_itself_by_way_of_others() -> None:
    graph = grimp.build_graph(*OURS, exclude_type_checking_imports=False, cache_dir=None)
    imports = {file: graph.find_modules_directly_imported_by(file) for file in graph.modules}
    assert len(imports) > 200
    found = on_circles(imports)
    assert {file: sorted(imports[file] & found) for file in sorted(found)} == {}


def test_a_circle_is_found_and_what_hangs_on_it_is_not() -> None:
    imports = {
        "page": {"a"},
        "a": {"b"},
        "b": {"c", "base"},
        "c": {"a"},
        "base": set(),
        "alone": {"base"},
    }
    assert on_circles(imports) == {"a", "b", "c"}
    assert on_circles(imports | {"c": {"base"}}) == set()
