"""Workers have the allocator that is installed; what tests start begins as it would for anybody."""

import os
import subprocess
import sys
from pathlib import Path

import allocator
import pytest


@pytest.mark.skipif(allocator.installed() is None, reason="jemalloc is not installed")
@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="this process was started by hand")
def test_a_worker_has_it_and_hands_it_on_to_boards_alone():
    assert "libjemalloc" in Path("/proc/self/maps").read_text(encoding="utf-8")
    looks = [sys.executable, "-c", "print('libjemalloc' in open('/proc/self/maps').read())"]
    assert subprocess.run(looks, capture_output=True, text=True, check=True).stdout.strip() == "False"
    board = subprocess.run(looks, capture_output=True, text=True, check=True, env={**os.environ, **allocator.given()})
    assert board.stdout.strip() == "True"
