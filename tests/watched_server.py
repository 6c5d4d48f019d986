"""The product's server, saying aloud whom it talks to: `python watched_server.py STORE PORT`.

Every connection or name look-up that leaves this computer is a line `TALKS TO …` in its output.
"""

import sys

LOCAL = ("127.", "::1", "localhost")


def listen(event: str, arguments: tuple) -> None:
    """An audit hook: called for everything Python does, it speaks of sockets that lead elsewhere."""
    if event == "socket.connect" and isinstance(arguments[1], tuple) and not str(arguments[1][0]).startswith(LOCAL):
        print("TALKS TO", arguments[1], flush=True)
    if event == "socket.getaddrinfo" and arguments[0] and not str(arguments[0]).startswith(LOCAL):
        print("TALKS TO", arguments[0], flush=True)


if __name__ == "__main__":
    sys.addaudithook(listen)
    from taizhang.server import serve

    sys.exit(serve(sys.argv[1], int(sys.argv[2])))
