"""What gives memory to the processes of a run, and takes it back.

DuckDB asks for much in small pieces, and gives all of it back to the system whenever a database is closed. The
allocator of most Linux systems then walks through everything that the process has: in a worker that has kept a
gigabyte, 40 ms for each of thousands of databases. With jemalloc, which DuckDB's own programs are built with, a run
takes a sixth less. Where it is not installed, tests run as they are.
"""

import os
import sys
from pathlib import Path

PACKAGE = "libjemalloc2"  # of Debian and Ubuntu
_PRELOAD = "LD_PRELOAD"


def installed() -> str | None:
    """The path of jemalloc's library; None where there is none, or no way to start a program with it."""
    if not sys.platform.startswith("linux"):
        return None
    return next((str(path) for path in sorted(Path("/usr/lib").glob("*-linux-gnu/libjemalloc.so.2"))), None)


def use_in_workers() -> None:
    """Start with it what this process starts from now on."""
    os.environ.update(given())


def leave_to_others() -> None:
    """Start without it what this process starts from now on: a browser brings one of its own."""
    os.environ.pop(_PRELOAD, None)


def given() -> dict[str, str]:
    """What says so in the environment of a process."""
    library = installed()
    return {_PRELOAD: library} if library else {}


def environment_of_a_board(root: Path, store: object) -> dict[str, str]:
    """The environment in which tests start a board from the code at `root` over `store`."""
    return {**os.environ, **given(), "TAIZHANG_STORE": str(store), "PYTHONUTF8": "1", "PYTHONPATH": str(root)}
