"""No process of a test run talks to another computer; whoever tries is stopped and named."""

import os
import socket
import subprocess
import sys

import pytest


@pytest.fixture
def reached(nobody_reached_out):
    """What was said of those who tried; taken off the list, since these tests try on purpose."""
    yield lambda: nobody_reached_out.read_text(encoding="utf-8")
    nobody_reached_out.unlink(missing_ok=True)


def test_this_process_reaches_nobody(reached):
    with socket.socket() as out, pytest.raises(OSError, match="another computer"):
        out.connect(("192.0.2.1", 80))  # an address that nobody has
    with pytest.raises(OSError, match="another computer"):
        socket.getaddrinfo("board.example", 80)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out, pytest.raises(OSError, match="another computer"):
        out.sendto(b"x", ("192.0.2.1", 53))
    assert [line.split()[0] for line in reached().splitlines()] == [
        "socket.connect",
        "socket.getaddrinfo",
        "socket.sendto",
    ]


def test_a_process_that_a_test_starts_reaches_nobody_though_it_says_nothing_of_the_refusal(reached):
    tries = "import contextlib, socket\nwith contextlib.suppress(OSError): socket.create_connection(('192.0.2.1', 80))"
    subprocess.run([sys.executable, "-c", tries], check=True, env={**os.environ, "SOMETHING": "else"})
    assert "192.0.2.1" in reached()


def test_this_computer_is_reached_by_every_name_it_has():
    with socket.socket() as there, socket.socket() as out:
        there.bind(("127.0.0.1", 0))
        there.listen()
        out.connect(("localhost", there.getsockname()[1]))
    assert socket.getaddrinfo("192.0.2.1", 80)  # a number is looked up nowhere
