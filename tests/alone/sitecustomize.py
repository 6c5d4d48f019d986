"""Every process of a test run talks to this computer alone: who would reach out is stopped, and named for the end.

Python imports it by its name at every start where this folder is on the path; `conftest.py` puts it there for the
processes that tests start. What a program makes of the refusal is no matter: the run fails of it.
"""

import ipaddress
import os
import sys

REACHED = "TAIZHANG_REACHED_OUT"  # the file that names who would have
_NAMES = ("", "localhost", "0.0.0.0", "::")


class ReachedOut(OSError):
    """A program would have talked to another computer."""


def is_here(host: object) -> bool:
    """Whether an address or a name is this computer."""
    host = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if host is None or not isinstance(host, str) or host in _NAMES:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _is_known(host: object) -> bool:
    """Whether a name is looked up nowhere: this computer's own, or a number."""
    if is_here(host):
        return True
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def listen(event: str, arguments: tuple) -> None:
    """An audit hook: refuses to connect, to send and to look a name up elsewhere."""
    if event in ("socket.connect", "socket.sendto"):
        where = arguments[1]
        if isinstance(where, tuple) and not is_here(where[0]):
            _refuse(event, where[0])
    elif event in ("socket.getaddrinfo", "socket.gethostbyname") and not _is_known(arguments[0]):
        _refuse(event, arguments[0])


def _refuse(event: str, host: object) -> None:
    if path := os.environ.get(REACHED):
        with open(path, "a", encoding="utf-8") as said:  # noqa: PTH123, nothing more is imported at every start
            said.write(f"{event} {host!r} {sys.argv[:2]} {os.environ.get('PYTEST_CURRENT_TEST', '')}\n")
    raise ReachedOut(f"{event}: {host!r} is another computer")


if os.environ.get(REACHED):
    sys.addaudithook(listen)
