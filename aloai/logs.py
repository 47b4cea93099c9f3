"""What never stands in a log line: the tokens of one-time links."""

from __future__ import annotations

import logging
import re

_LINK = re.compile(r"(/enter/)[\w-]{8,}")


class WithoutTokens(logging.Filter):
    """Takes the token of an entrance link out of every line."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every line stays."""
        if _LINK.search(text := record.getMessage()):
            record.msg, record.args = _LINK.sub(r"\1…", text), ()
        return True
