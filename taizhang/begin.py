"""Where the command `taizhang` begins: the process is given what it needs before anything else is loaded."""

import gc
import os
import sys

# The allocator of most Linux systems keeps seven pieces of a size at hand and searches its lists for all others, and
# DuckDB asks for hundreds of thousands of small ones to plan a long question. glibc reads the figure when a process
# starts; other systems pass over it.
_KEEPS_AT_HAND = "glibc.malloc.tcache_count=20000"
_SAID = "GLIBC_TUNABLES"


def command() -> None:
    """The command `taizhang`, in a process that keeps enough small pieces of memory at hand."""
    with_memory_at_hand()
    gc.set_threshold(20_000, 50, 100)  # to look for garbage among all that is being loaded took an eighth of loading
    from taizhang.cli import main

    main()


def with_memory_at_hand() -> None:
    """Start this process again, as the same process of the system, unless somebody has said how it takes its memory.

    A long question took a tenth less, and after hundreds of others two fifths less.
    """
    if sys.platform != "linux" or _SAID in os.environ or not sys.executable:
        return
    os.environ[_SAID] = _KEEPS_AT_HAND
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy comes with pyarrow, and reckons nothing here
    try:
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    except OSError:  # then as it is
        return
