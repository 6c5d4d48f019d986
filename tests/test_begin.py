"""The command starts its process once more, with the memory that a long question wants, and only once."""

import os
import subprocess
import sys

import pytest

from taizhang import begin

SAYS = """
import os
from taizhang import begin

begin.with_memory_at_hand()
print(os.getpid(), os.environ.get("GLIBC_TUNABLES"))
"""


def started(**said: str) -> tuple[int, list[str]]:
    """The number of the process that was started, and what it says of itself at the end."""
    own = {name: value for name, value in os.environ.items() if name != "GLIBC_TUNABLES"}
    process = subprocess.Popen(
        [sys.executable, "-X", "utf8", "-c", SAYS], env={**own, **said}, stdout=subprocess.PIPE, text=True
    )
    return process.pid, process.communicate(timeout=60)[0].split()


@pytest.mark.skipif(sys.platform != "linux", reason="figures of one C library, which Linux systems have")
def test_it_is_the_same_process_started_again_and_says_how_it_takes_memory():
    number, said = started()
    assert said == [str(number), "glibc.malloc.tcache_count=20000"]


def test_what_somebody_has_said_stays():
    number, said = started(GLIBC_TUNABLES="glibc.malloc.perturb=0")
    assert said == [str(number), "glibc.malloc.perturb=0"]


@pytest.mark.parametrize(
    ("platform", "python", "is_refused"),
    [("win32", "python", False), ("darwin", "python", False), ("linux", "", False), ("linux", "python", True)],
)
def test_where_it_cannot_be_had_the_command_goes_on_as_it_is(monkeypatch, platform, python, is_refused):
    asked = []

    def execv(path: str, arguments: list[str]) -> None:
        asked.append(path)
        raise OSError("not here")

    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(sys, "executable", python)  # unknown where a program has Python within itself
    monkeypatch.setattr(os, "execv", execv)
    monkeypatch.setattr(os, "environ", {})
    begin.with_memory_at_hand()
    assert bool(asked) == is_refused
