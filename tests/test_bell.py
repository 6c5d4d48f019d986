"""One bell for all who wait: it rings for whoever takes too long, for nobody else, and for each when it is due."""

import threading

import pytest

from taizhang.store.bell import ringing_after

LONG = 1000


def test_it_rings_for_who_is_late_though_others_wait_longer():
    late, never = threading.Event(), threading.Event()
    with ringing_after(LONG, never.set), ringing_after(0.01, late.set):
        assert late.wait(20)
    assert not never.is_set()


def test_it_rings_for_each_in_turn():
    first, second = threading.Event(), threading.Event()
    with ringing_after(0.02, second.set), ringing_after(0.01, first.set):
        assert first.wait(20)
        assert second.wait(20)


def test_it_is_quiet_for_who_is_done_or_has_failed():
    rung = threading.Event()
    with ringing_after(0, lambda: None):
        pass
    with pytest.raises(KeyError), ringing_after(0.05, rung.set):
        raise KeyError
    with ringing_after(0.05, rung.set):
        pass
    later = threading.Event()
    with ringing_after(0.1, later.set):
        assert later.wait(20)  # by now the bell has looked, after both were due
    assert not rung.is_set()
