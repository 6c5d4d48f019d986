"""Visits to the real board over its real sockets: what is asked for, every message that comes, every file in them.

A `Board` is the product in a process of its own, over accounts whose password is `WORD`. `board.signed_in(name)` is
somebody's browser; its `visit()` says over a socket what the pages of the framework say, and hears every message.
"""

import io
import re
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import allocator
import httpx
from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from taizhang.access import roles
from taizhang.access.people import People
from taizhang.server import messages
from taizhang.store import Store

ROOT = Path(__file__).resolve().parents[1]
WORD = "河东-meeting-42"
# Somebody of each role, by its name; and a reader and a unit who are held to some rows of the tiny store.
DISTRICT, UNIT = "MCA-E", "一科"
ROLE_OF = {**{role: role for role in roles.ROLES}, "district": "reader", "section": "unit"}
SCOPE_OF = {"district": (DISTRICT,), "section": (UNIT,)}
SECRET = "二科的难处还没有说出口"  # said by a draft that nobody has published and by a meeting that is prepared
LONGEST_WAIT = 60  # seconds for one message; only a stuck server reaches it
# The server of the browser tests, with hashes of the same kind that take no time.
_QUICK = """
import runpy, sys
from taizhang.access import passwords
passwords.PARAMETERS.update(memory_cost=8, time_cost=1)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@dataclass(frozen=True)
class Seen:
    """What came over a socket in answer to something."""

    messages: tuple[ForwardMsg, ...]

    @property
    def text(self) -> str:
        """Every message as text without our styles and scripts; letters that JSON says in numbers are letters."""
        said = "\n".join(_without_script(one).decode("utf-8", "replace") for one in self.messages)
        return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), said)

    @property
    def given(self) -> list[str]:
        """The addresses and ids that it gives to ask for."""
        return [name for one in self.messages for name in messages.given_in(one.SerializeToString())]

    @property
    def files(self) -> list[str]:
        """The whole addresses of the files that it hands out, with the ends of their names."""
        elements = (one.delta.new_element for one in self.messages)
        return [one.download_button.url for one in elements if one.download_button.url]

    @property
    def later(self) -> list[str]:
        """The ids of files that are made when they are asked for."""
        return [one.removeprefix("later:") for one in self.given if one.startswith("later:")]

    def keys(self, beginning: str) -> list[str]:
        """The keys of the controls that begin so."""
        ids = (one.partition(f"-{beginning}") for message in self.messages for one in _ids(message))
        return [sign.removeprefix("-") + rest for _, sign, rest in ids if sign]

    def widget(self, key: str) -> str:
        """The id of the control of that key."""
        ids = (one for message in self.messages for one in _ids(message))
        return next(one for one in ids if one.endswith(f"-{key}"))


class Visit:
    """One open page; `id` is what the framework calls it."""

    def __init__(self, connection: ClientConnection):
        self._connection = connection
        self.seen = Seen(())

    @property
    def id(self) -> str:
        return next(one.new_session.initialize.session_id for one in self.seen.messages if one.HasField("new_session"))

    def open(self, page: str = "", **query: str) -> Seen:
        """Go to a page, as a link does."""
        asked = BackMsg()
        asked.rerun_script.query_string = urlencode(query)
        asked.rerun_script.page_name = page
        return self.says(asked)

    def click(self, key: str, page: str = "", **query: str) -> Seen:
        """Click the button of that key, which the page last seen has; the page and address stay as they are given."""
        asked = BackMsg()
        asked.rerun_script.query_string = urlencode(query)
        asked.rerun_script.page_name = page
        asked.rerun_script.widget_states.widgets.add(id=self.seen.widget(key), trigger_value=True)
        return self.says(asked)

    def runs_part(self, fragment: str, within: float) -> Seen:
        """Ask for a part of a page by the id it has, as a control in it does; and all that comes within a while."""
        asked = BackMsg()
        asked.rerun_script.fragment_id = fragment
        self._connection.send(asked.SerializeToString())
        heard = []
        with suppress(TimeoutError):
            while not (heard and _is_end(heard[-1])):
                heard.append(ForwardMsg.FromString(self._connection.recv(within)))
        return Seen(tuple(heard))

    def makes(self, later: str, within: float = LONGEST_WAIT) -> str:
        """The address of a file that is made now; '' when nothing comes of it."""
        asked = BackMsg()
        asked.backend_operation_request.request_id, asked.backend_operation_request.session_id = "1", self.id
        asked.backend_operation_request.deferred_file.file_id = later
        self._connection.send(asked.SerializeToString())
        try:
            while True:
                message = ForwardMsg.FromString(self._connection.recv(within))
                if message.HasField("backend_operation_response"):
                    return message.backend_operation_response.deferred_file.url
        except TimeoutError:
            return ""

    def places(self, *names: str) -> list[str]:
        """Addresses to send files of these names to."""
        asked = BackMsg()
        asked.file_urls_request.request_id, asked.file_urls_request.session_id = "1", self.id
        asked.file_urls_request.file_names.extend(names)
        self._connection.send(asked.SerializeToString())
        while True:
            message = ForwardMsg.FromString(self._connection.recv(LONGEST_WAIT))
            if message.HasField("file_urls_response"):
                return [one.upload_url for one in message.file_urls_response.file_urls]

    def says(self, asked: BackMsg) -> Seen:
        """Say something that runs the page, and hear all that comes until it has run."""
        self._connection.send(asked.SerializeToString())
        heard = []
        while not (heard and _is_end(heard[-1])):
            heard.append(ForwardMsg.FromString(self._connection.recv(LONGEST_WAIT)))
        self.seen = Seen(tuple(heard))
        return self.seen

    def ends(self) -> int:
        """The code with which the board ends it, once it does."""
        try:
            while True:
                self._connection.recv(LONGEST_WAIT)
        except ConnectionClosed as ended:
            return ended.rcvd.code


def _without_script(message: ForwardMsg) -> bytes:
    element = message.delta.new_element
    if element.html.body.startswith("<style>") and element.html.body.endswith("</style>"):
        return b""
    if not element.bidi_component.js_content:
        return message.SerializeToString()
    plain = ForwardMsg.FromString(message.SerializeToString())
    plain.delta.new_element.bidi_component.ClearField("js_content")
    return plain.SerializeToString()


def _is_end(message: ForwardMsg) -> bool:
    """Whether the page, or the part of it that was asked for, has run to its end."""
    ends = message.WhichOneof("type") == "script_finished"
    return ends and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN


def _ids(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        if field.type == field.TYPE_MESSAGE:
            for one in [value] if isinstance(value, Message) else value:
                if isinstance(one, Message):
                    yield from _ids(one)
        elif field.name == "id" and isinstance(value, str):
            yield value


class Browser(httpx.Client):
    """A browser that is signed in, or is not: it keeps its cookies, and says whose page asks."""

    def __init__(self, url: str):
        # Certificates are read for each client, though nothing here is encrypted.
        super().__init__(base_url=url, headers={"origin": url}, timeout=LONGEST_WAIT, verify=False)
        self.url = url

    def __enter__(self) -> "Browser":
        return self  # it is open from its first request

    def __exit__(self, *_raised: object) -> None:
        self.close()

    def sign_in(self, name: str) -> httpx.Response:
        return self.post("/signin", data={"name": name, "password": WORD})

    def hands_in(self, place: str, data: bytes, name: str = "x.csv") -> httpx.Response:
        """Send a file to a place, as the control of the framework does."""
        if "_streamlit_xsrf" not in self.cookies:
            self.get("/_stcore/health")
        token = {"x-xsrftoken": self.cookies.get("_streamlit_xsrf", "")}
        return self.put(place, files={"file": (name, data)}, headers=token)

    @property
    def cookie(self) -> dict[str, str]:
        """What it sends to say whose session it is."""
        return {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    @contextmanager
    def visit(self, back: str = "", **headers: str) -> Iterator[Visit]:
        """An open page; `back` is the id of a visit that it says it comes back to."""
        address = f"ws{self.url.removeprefix('http')}/_stcore/stream"
        said: Sequence[str] = ["streamlit", *(["x", back] if back else [])]
        more = {**self.cookie, **headers}
        with connect(
            address, subprotocols=said, origin=self.url, additional_headers=more, max_size=None, proxy=None
        ) as connection:
            yield Visit(connection)


def let_in(store: Store) -> People:
    """Make the accounts; and one of an editor who left."""
    known = People(store.folder)
    for name, role in ROLE_OF.items():
        known.add(name, f"{name}·某人", role, WORD)
    for name, scope in SCOPE_OF.items():
        known.hold_to(name, scope)
    known.add("gone", "离任", "editor", WORD)
    known.disable("gone")
    return known


class Board:
    """The product in a process of its own, over the store of a data folder that has accounts."""

    def __init__(self, store: Store, folder: Path):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url, self.store, self.log = f"http://127.0.0.1:{self.port}", store, folder / "board.log"
        server = str(ROOT / "tests" / "watched_server.py")
        with self.log.open("w") as words:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _QUICK, server, str(store), str(self.port), str(folder / "serves")],
                cwd=ROOT,
                env=allocator.environment_of_a_board(ROOT, store),
                stdin=subprocess.PIPE,
                stdout=words,
                stderr=subprocess.STDOUT,
            )
        end = time.monotonic() + LONGEST_WAIT
        while not self._answers():
            assert self.process.poll() is None, self.said
            assert time.monotonic() < end, self.said
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", verify=False).status_code == 200
        except httpx.HTTPError:
            return False

    @property
    def said(self) -> str:
        """What it wrote on its screen."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def browser(self) -> Browser:
        return Browser(self.url)

    def signed_in(self, name: str) -> Browser:
        one = self.browser()
        assert one.sign_in(name).status_code == 303, name
        return one

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)
        self.process.stdin.close()


def text_of_file(data: bytes) -> str:
    """All that a file says: of a packed one (a workbook, a deck, an archive), each file in it."""
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return "\n".join(text_of_file(packed.read(name)) for name in packed.namelist())
    return data.decode("utf-8", "replace")
