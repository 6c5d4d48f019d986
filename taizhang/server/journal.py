"""What the server did, a line of JSON each, for whoever looks after it; and a few numbers of it.

    {"at": "2026-11-28T01:02:03.456Z", "request": "5f2c…", "person": "li", "method": "GET", "path": "/research",
     "status": 200, "ms": 12.3}

A line has nothing of what is in the ledgers and nothing that lets anybody in: no query of an address, no header, no
body, and of a file or an upload only that it was one. A socket is one line, once it is closed: `method` is SOCKET.
"""

import datetime as dt
import json
import logging
import os
import secrets
import sys
import threading
import time
from collections import Counter
from logging.handlers import WatchedFileHandler
from pathlib import Path

ON_SCREEN = "-"  # lines go to the output of the program, and to no file
NOTES = "taizhang.notes"  # in a scope: what those behind learn of a request, `person` for one
GIVEN = ("/media/", "/_stcore/upload_file/")  # what follows there is a name that opens something
LONGEST_PATH = 200  # letters of a path that are kept
REQUEST = b"x-request-id"  # the header of every answer by which its line is found

_LINES = logging.getLogger("taizhang.journal")


class Counted:
    """What was answered since the server started, as plain sums; `sockets` are those that are open now."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.began = time.time()
        self.requests: Counter[str] = Counter()  # "2xx" → how many
        self.seconds = 0.0  # until the last byte of each was sent
        self.sockets = 0

    def answered(self, status: int, seconds: float) -> None:
        """One more request, not a socket; status 0 for one that nobody waited for."""
        with self._lock:
            self.requests[f"{status // 100}xx" if status else "none"] += 1
            self.seconds += seconds

    def opened(self, by: int) -> None:
        """A socket more, or one less."""
        with self._lock:
            self.sockets += by


COUNTED = Counted()


class Journal:
    """Stands in front of everything: writes a line for each request and gives every answer the number of its line."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        number, notes, began = secrets.token_hex(8), {}, time.perf_counter()
        is_socket, status = scope["type"] == "websocket", 0

        async def seen(message):
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                kept = [one for one in message.get("headers", []) if one[0].lower() != REQUEST]
                message = {**message, "headers": [*kept, (REQUEST, number.encode())]}
            elif message["type"] == "websocket.accept":
                status = 101
                COUNTED.opened(1)
            elif message["type"] == "websocket.close" and not status:
                status = 403
            await send(message)

        try:
            await self.app({**scope, NOTES: notes}, receive, seen)
        except BaseException:
            status = status or 500
            raise
        finally:
            seconds = time.perf_counter() - began
            if status == 101:
                COUNTED.opened(-1)
            elif not is_socket:
                COUNTED.answered(status, seconds)
            method = "SOCKET" if is_socket else scope["method"]
            write(number, notes.get("person"), method, path_of(scope["path"]), status, seconds)


def note(scope, **what: str) -> None:
    """Say of a request what only those behind know."""
    scope.get(NOTES, {}).update(what)


def path_of(path: str) -> str:
    """A path as it is written down: short, and without the name of a file that somebody was given."""
    for given in GIVEN:  # wherever it stands: the board may lie under a path
        before, found, _ = path.partition(given)
        if found:
            path = f"{before}{given}…"
    return path[:LONGEST_PATH]


def write(number: str, person: str | None, method: str, path: str, status: int, seconds: float) -> None:
    """One more line, where lines are asked for."""
    if not _LINES.handlers:
        return
    at = f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
    line = {"at": at, "request": number, "person": person, "method": method, "path": path, "status": status}
    _LINES.info(json.dumps({**line, "ms": round(seconds * 1000, 1)}, ensure_ascii=False))


def open_lines(where: str) -> None:
    """Write lines from now on to a file, to the screen (-), or nowhere (''). Raises `OSError` for a file that cannot be
    made.

    A file is for nobody else to read, since it says who did what. It may be moved away meanwhile: another is begun.
    """
    for old in list(_LINES.handlers):
        _LINES.removeHandler(old)
        old.close()
    if not where:
        return
    if where == ON_SCREEN:
        handler: logging.Handler = logging.StreamHandler(sys.stdout)
    else:
        os.close(os.open(where, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600))
        kind = WatchedFileHandler if os.name == "posix" else logging.FileHandler
        handler = kind(Path(where), encoding="utf-8")
    handler.handleError = lambda record: None  # a full disk is no reason to answer nobody
    _LINES.addHandler(handler)
    _LINES.setLevel(logging.INFO)
    _LINES.propagate = False
