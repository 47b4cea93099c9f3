"""What log lines leave out: tokens of one-time links, tracebacks of refusals, floods."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

log = logging.getLogger(__name__)
_LINK = re.compile(r"(/enter/)[\w-]{8,}")
_VALUES = re.compile(r"'[^']*'|\"[^\"]*\"|0x[0-9a-fA-F]+|\d+")
MOST_PATTERNS = 500  # at once; beyond that the lines of one logger are one pattern


class WithoutTokens(logging.Filter):
    """Takes the token of an entrance link out of every line."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every line stays."""
        if _LINK.search(text := record.getMessage()):
            record.msg, record.args = _LINK.sub(r"\1…", text), ()
        return True


class ShortRefusals(logging.Filter):
    """A request that was refused is one line: the traceback says nothing about the product."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every line stays."""
        if 400 <= getattr(record, "status_code", 0) < 500:
            record.exc_info = record.exc_text = None
        return True


@dataclass
class Pattern:
    """Lines that differ only in their values, since the moment the first one came."""

    words: str
    since: float
    count: int = 0


class WithoutFloods(logging.Filter):
    """Lets some lines of one pattern through each minute, then says how many it left out."""

    def __init__(
        self, most: int = 20, seconds: float = 60, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self.most, self.seconds, self.clock = most, seconds, clock
        self._patterns: dict[Hashable, Pattern] = {}
        self._oldest = 0.0
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is among the first of its minute."""
        if record.name == __name__:
            return True
        now = self.clock()
        with self._lock:
            closed = self._close(now) if now - self._oldest >= self.seconds else []
            pattern = self._pattern(record, now)
            pattern.count += 1
        for over in closed:
            if (more := over.count - self.most) > 0:
                log.warning("%d more lines like this were left out: %s", more, over.words)
        return pattern.count <= self.most

    def _pattern(self, record: logging.LogRecord, now: float) -> Pattern:
        words = _VALUES.sub("…", str(record.msg))[:200]
        if len(self._patterns) >= MOST_PATTERNS:
            words = f"{record.levelname} {record.name}"
        raised = record.exc_info[0] if record.exc_info else None
        key = (record.name, record.levelno, words, raised)
        return self._patterns.setdefault(key, Pattern(words, now))

    def _close(self, now: float) -> list[Pattern]:
        """Forget the patterns whose minute is over, and return them."""
        over = [key for key, kept in self._patterns.items() if now - kept.since >= self.seconds]
        closed = [self._patterns.pop(key) for key in over]
        self._oldest = min((kept.since for kept in self._patterns.values()), default=now)
        return closed
