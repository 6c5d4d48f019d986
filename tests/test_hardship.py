"""A few rounds of what `tests/hardship.py` does at length: nothing is lost, nothing is wrong without being named."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork")
@pytest.mark.parametrize(("hardship", "rounds"), [("kill", 4), ("damage", 6)])
def test_a_store_that_suffers_loses_nothing_and_says_what_is_wrong(tiny_store, hardship, rounds):
    """In a process of its own: this one has a database open, and must not be forked."""
    command = [sys.executable, str(ROOT / "tests" / "hardship.py"), hardship, "--rounds", str(rounds)]
    told = subprocess.run([*command, "--store", str(tiny_store.folder)], capture_output=True, text=True)
    assert told.returncode == 0, told.stdout + told.stderr
    counts = {name: int(count) for count, name in (line.split(maxsplit=1) for line in told.stdout.splitlines())}
    assert counts["kills" if hardship == "kill" else "damages"] == rounds
