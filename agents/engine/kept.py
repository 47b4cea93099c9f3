"""What a process keeps, newest use last, bounded by its size."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """Values by key; what was not used for longest goes first. The newest one always stays."""

    def __init__(self, room: int, size: Callable[[V], int] = lambda _: 1) -> None:
        self.room, self.size = room, size
        self._values: OrderedDict[K, V] = OrderedDict()
        self._used = 0
        self._lock = threading.Lock()

    def find(self, key: K) -> V | None:
        """The value, if it is there."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value, made where there is none; it is made without holding others up."""
        if (found := self.find(key)) is not None:
            return found
        value = make()
        with self._lock:
            if key not in self._values:
                self._values[key] = value
                self._used += self.size(value)
            self._shrink()
        return value

    def _shrink(self) -> None:
        while self._used > self.room and len(self._values) > 1:
            self._used -= self.size(self._values.popitem(last=False)[1])

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()
            self._used = 0

    def __len__(self) -> int:
        """How many there are."""
        return len(self._values)
