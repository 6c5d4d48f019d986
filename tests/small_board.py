"""A small board behind the real gate and entrance: it says what it was told, and gives away what it is asked to.

Those who come are `browser()`s; accounts and quick hashes are fixtures (`tests/entrance/conftest.py`).
"""

import contextlib
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from taizhang import server

WORD = "河东-meeting-42"
READER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
HERE = "http://127.0.0.1:8501"
STREAM = "ws://127.0.0.1:8501/_stcore/stream"
FILE = "0123456789abcdef0123456789abcdef"
MEDIA = f"/media/{FILE}.xlsx"
VISIT = "0f9a4c1e-5b7d-4c3a-9e21-0123456789ab"
UPLOAD = f"/_stcore/upload_file/{VISIT}/{VISIT}"

PAGES = ("/", "/research", "/upload", "/settings", "/no-such-page", "/static/x.html")
PROGRAMS = (
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/metrics",
    "/metrics",
    "/static/js/index.js",
    MEDIA,
    "/component/x/index.html",
    "/_stcore/bidi-components/x",
)
PUTTING = (("PUT", UPLOAD), ("DELETE", UPLOAD), ("POST", "/x"))


# --- the board -------------------------------------------------------------------------------------------------


async def told(request):
    return JSONResponse({"path": request.url.path, "told": dict(request.headers)})


async def page(request):
    return HTMLResponse("<!doctype html>" + "x" * 1000)


async def stream(websocket):
    """As the framework does: says who it thinks is there, then sends whatever message it is asked for."""
    wanted = (websocket.headers.get("sec-websocket-protocol") or "").split(", ")
    await websocket.accept(subprotocol=wanted[0] or None)
    said = f"{websocket.headers.get('x-taizhang-person')} {wanted[2:] or ''}".encode()
    await websocket.send_bytes(said)
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            asked = BackMsg.FromString(await websocket.receive_bytes())
            kind = asked.WhichOneof("type")
            await websocket.send_bytes(bytes.fromhex(asked.rerun_script.query_string) or kind.encode())


def browser(base: str = HERE, **more) -> TestClient:
    routes = [
        *server.routes(),
        Route("/_stcore/health", told),
        Route("/_stcore/metrics", told),
        Route("/metrics", told),
        Route("/media/{name}", told),
        Route("/_stcore/upload_file/{visit}/{name}", told, methods=["PUT", "GET", "DELETE"]),
        WebSocketRoute("/_stcore/stream", stream),
        Route("/{other:path}", page, methods=["GET", "POST", "PUT", "DELETE", "OPTIONS"]),
    ]
    board = Starlette(routes=routes, middleware=server.middleware())
    return TestClient(board, base_url=base, follow_redirects=False, **more)


# --- what goes over a socket -----------------------------------------------------------------------------------


def asks_for(message: ForwardMsg) -> bytes:
    """What a page says so that the small board sends a message."""
    asked = BackMsg()
    asked.rerun_script.query_string = message.SerializeToString().hex()
    return asked.SerializeToString()


def is_given(open_one, message: ForwardMsg) -> None:
    """Have a message sent over a socket that has said who is there."""
    open_one.send_bytes(asks_for(message))
    assert open_one.receive_bytes() == message.SerializeToString()


def new_visit() -> ForwardMsg:
    message = ForwardMsg()
    message.new_session.initialize.session_id = VISIT
    return message


def a_file(url: str = "", later: str = "") -> ForwardMsg:
    """A button that hands out a file: made already, or made when it is asked for."""
    message = ForwardMsg()
    button = message.delta.new_element.download_button
    button.url, button.deferred_file_id = url, later
    return message


def a_place(url: str) -> ForwardMsg:
    """An address to send a file to."""
    message = ForwardMsg()
    message.file_urls_response.file_urls.add(file_id=VISIT, upload_url=url, delete_url=url)
    return message


# --- who comes -------------------------------------------------------------------------------------------------


def sign_in(client: TestClient, name: str, password: str = WORD, **more: str):
    base = str(client.base_url).rstrip("/")
    form = {"name": name, "password": password, **more}
    return client.post("/signin", data=form, headers={"origin": base, "sec-fetch-site": "same-origin", **READER})


def signed_in(name: str) -> TestClient:
    client = browser()
    assert sign_in(client, name).status_code == 303
    return client


def cookie_of(client: TestClient) -> tuple[str, str]:
    return next((name, value) for name, value in client.cookies.items() if name.startswith("taizhang_session"))


def asked_to_sign_in(answer) -> bool:
    return answer.status_code == 303 and urlsplit(answer.headers["location"]).path == "/signin"


# --- the matrix ------------------------------------------------------------------------------------------------
