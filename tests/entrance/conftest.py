"""Accounts for the tests of the entrance, with hashes of the same kind that take no time."""

import pytest
from small_board import WORD

from taizhang.access import passwords, roles
from taizhang.access.people import People
from taizhang.server import entrance, reception


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(passwords, "PARAMETERS", {"memory_cost": 8, "time_cost": 1, "parallelism": 1})
    monkeypatch.setattr(entrance, "LOOKS_EVERY", 0.02)
    reception._of.cache_clear()
    passwords._of_nobody.cache_clear()


@pytest.fixture
def people(tmp_path, monkeypatch) -> People:
    """An account for each role, `unit` signing in as `unit`."""
    monkeypatch.setenv("TAIZHANG_STORE", str(tmp_path))
    known = People(tmp_path)
    for role in roles.ROLES:
        known.add(role, f"{role}·某人", role, WORD)
    return known
