"""Power may fail between any two steps, and nothing published is lost; `tests/power.py` has the long run."""

import shutil

import power
import pytest

pytestmark = pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed: no act can be watched")

MOST_SYNCS = 15  # waits for the disk in one small publish; on a slow disk each takes some 10 ms


@pytest.fixture(scope="module")
def watched(tiny_store, tmp_path_factory):
    """An act watched once, for all who look at it."""
    seen = {}

    def watch(name: str, fault: str | None = None) -> power.Watched:
        if (name, fault) not in seen:
            seen[name, fault] = power.watched(name, tmp_path_factory.mktemp("watched") / "act", tiny_store, fault)
        return seen[name, fault]

    return watch


def test_a_small_publish_waits_for_the_disk_a_few_times(watched):
    assert 0 < watched("publish").syncs <= MOST_SYNCS


@pytest.mark.parametrize("name", ["init", "publish", "restate"])
def test_every_disk_a_power_cut_can_leave_is_whole(watched, name):
    found = power.tried(name, watched(name), "weak", most=5)
    assert found.bad == 0, found.examples
    assert found.verdicts["before"]
    assert found.verdicts["after"]


def test_two_steps_in_the_wrong_order_are_found(watched):
    assert power.tried("publish", watched("publish", "order"), "weak").bad > 0
