"""What the framework and a browser say to each other on a socket, as far as the entrance has to know it.

The framework gives every file, every place for an upload, every file that is still to be made and every visit an id,
and asks nobody who comes with one. So what a session was given is read in what is sent to it, and in those fields
alone that the framework fills: a name that somebody typed and that is shown to them again gives them nothing.
"""

import re
from collections.abc import Container, Iterator

from google.protobuf.message import DecodeError, Message

# The addresses that the framework gives away: without the end of a name, which no request has to have.
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
GIVEN = re.compile(rf"/media/[0-9a-f]{{32}}|/_stcore/upload_file/{_UUID}/{_UUID}")
_VISIT = re.compile(_UUID)
_ADDRESSES = frozenset({"url", "image", "icon_image", "favicon", "upload_url", "delete_url"})
_MADE_LATER = "deferred_file_id"
# What a page of ours says; the rest (to empty caches, to write files for programmers) is nobody's to ask for.
_SAID = frozenset({"rerun_script", "stop_script", "app_heartbeat", "file_urls_request"})


def given_in(data: bytes) -> Iterator[str]:
    """What a message to a browser gives it to ask for: addresses, `later:` and the id of a file that is made when it
    is asked for, `visit:` and the id under which it may come back."""
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    message = _read(ForwardMsg(), data)
    if message is None:
        return
    if message.WhichOneof("type") == "new_session":
        yield visit(message.new_session.initialize.session_id)
    yield from _given(message)


def may_say(data: bytes, given: Container[str]) -> bool:
    """Whether a browser may say that; `given` is what its session was given, as `given_in` names it."""
    from streamlit.proto.BackMsg_pb2 import BackMsg

    message = _read(BackMsg(), data)
    if message is None:
        return True  # the framework refuses it
    said = message.WhichOneof("type")
    if said != "backend_operation_request":
        return said in _SAID
    asked = message.backend_operation_request
    match asked.WhichOneof("payload"):
        case "deferred_file":
            return f"later:{asked.deferred_file.file_id}" in given
        case "dataframe_chunk":  # the framework itself looks whose it is
            return True
    return False


def visit(said: str) -> str:
    """How a visit is called among what a session was given."""
    return f"visit:{said}"


def is_visit(said: str) -> bool:
    """Whether a text has the form of the id of a visit."""
    return _VISIT.fullmatch(said) is not None


def _given(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        if field.type == field.TYPE_MESSAGE:
            several = not isinstance(value, Message)
            if several and field.message_type.GetOptions().map_entry:
                continue
            for one in value if several else (value,):
                yield from _given(one)
        elif field.name == _MADE_LATER:
            yield f"later:{value}"
        elif field.name in _ADDRESSES and (found := GIVEN.match(value)):
            yield found[0]


def _read(empty: Message, data: bytes) -> Message | None:
    try:
        empty.ParseFromString(data)
    except DecodeError:
        return None
    return empty
