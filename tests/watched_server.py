"""The product's server, saying aloud whom it talks to: `python watched_server.py STORE PORT SAID`.

Every connection or name look-up that leaves this computer is a line `TALKS TO …` in its output. It serves the store
named on the last line of its input, so that one server, started once, serves test after test; the file SAID names it
from then on.
"""

import os
import sys
import threading
import time
from pathlib import Path

LOCAL = ("127.", "::1", "localhost")
RUN_OF_A_PAGE = "ScriptRunner.scriptThread"  # as the framework calls the thread


def listen(event: str, arguments: tuple) -> None:
    """An audit hook: called for everything Python does, it speaks of sockets that lead elsewhere."""
    if event == "socket.connect" and isinstance(arguments[1], tuple) and not str(arguments[1][0]).startswith(LOCAL):
        print("TALKS TO", arguments[1], flush=True)
    if event == "socket.getaddrinfo" and arguments[0] and not str(arguments[0]).startswith(LOCAL):
        print("TALKS TO", arguments[0], flush=True)


def serve_what_is_named(said: Path) -> None:
    """Take a store from each line of the input, and write its name into `said` once it is served.

    What a page that was left still does, a publish for example, it does to the store it began with.
    """
    for line in sys.stdin:
        while any(one.name == RUN_OF_A_PAGE for one in threading.enumerate()):
            time.sleep(0.01)
        os.environ["TAIZHANG_STORE"] = line.strip()
        said.write_text(line.strip(), encoding="utf-8")


if __name__ == "__main__":
    sys.addaudithook(listen)
    threading.Thread(target=serve_what_is_named, args=(Path(sys.argv[3]),), daemon=True).start()
    from taizhang.server import Opening, serve

    sys.exit(serve(sys.argv[1], Opening(port=int(sys.argv[2]))))
