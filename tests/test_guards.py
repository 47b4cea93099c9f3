"""The guards of the tests themselves."""

from __future__ import annotations

import socket

import pytest
from django.db import transaction

from tests.conftest import LeftTheMachine, NetworkInTransaction


def _reach(host: str) -> None:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        probe.connect_ex((host, 9))


def test_nothing_leaves_the_machine() -> None:
    with pytest.raises(LeftTheMachine):
        _reach("192.0.2.1")


@pytest.mark.django_db
def test_no_network_inside_a_transaction() -> None:
    _reach("127.0.0.1")
    with transaction.atomic(), pytest.raises(NetworkInTransaction):
        _reach("127.0.0.1")


@pytest.mark.django_db(transaction=True)
def test_nor_where_the_test_has_no_transaction_of_its_own() -> None:
    _reach("127.0.0.1")
    with transaction.atomic(), pytest.raises(NetworkInTransaction):
        _reach("127.0.0.1")
