"""What a request ends with when it fails: busy databases apart, Django's own pages."""

from __future__ import annotations

import logging
import sys

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views import defaults

from aloai import busy

log = logging.getLogger(__name__)


def failed(request: HttpRequest) -> HttpResponseBase:
    """The handler of 500; Django calls it while the error is being handled."""
    return _busy(request, sys.exc_info()[1]) or defaults.server_error(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """The handler of 400: a session that could not be stored for a lock ends here."""
    return _busy(request, exception) or defaults.bad_request(request, exception)


def _busy(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    if not busy.is_busy(error):
        return None
    log.warning("The database was busy: %s", request.path)
    return busy.answer(request)
