"""Nobody opens so many pages that there is no room for the others."""

import pytest
from small_board import READER, STREAM, signed_in
from starlette.websockets import WebSocketDisconnect

from taizhang.server import entrance


def test_a_page_more_than_one_person_may_have_is_refused_in_a_sentence_and_others_open_theirs(people, monkeypatch):
    monkeypatch.setattr(entrance, "MOST_PAGES", 2)
    client, other = signed_in("editor"), signed_in("reader")
    with client.websocket_connect(STREAM) as first, client.websocket_connect(STREAM) as second:
        for one in (first, second):
            one.receive_bytes()
        answer = client.get("/?lang=en", headers=READER)
        assert (answer.status_code, "2 pages of the board open" in answer.text) == (429, True)
        with pytest.raises(WebSocketDisconnect) as closed, client.websocket_connect(STREAM):
            pass
        assert closed.value.code == 1013
        assert other.get("/", headers=READER).status_code == 200
        with other.websocket_connect(STREAM) as open_one:
            assert open_one.receive_bytes()
    assert client.get("/", headers=READER).status_code == 200
    with client.websocket_connect(STREAM) as again:
        assert again.receive_bytes()
