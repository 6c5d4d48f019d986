"""The one way a file leaves the board: Streamlit tells large files apart by samples, so each name carries a hash."""

import hashlib
from collections.abc import Callable
from pathlib import PurePath

import streamlit as st

from taizhang.store.turnstile import as_asked_now

MEDIA_TYPES = {".csv": "text/csv", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def download(label: str, data: bytes, file_name: str, key: str) -> None:
    """A button that hands out the bytes as `stem-hash.suffix`, the hash being that of the whole content."""
    _button(label, data, file_name, hashlib.sha256(data).hexdigest(), key)


def download_made(label: str, make: Callable[[], bytes], file_name: str, made_of: str, key: str) -> None:
    """A button for a file that takes time: made when it is clicked, where no session is known any more. `made_of` says
    all that the content depends on."""
    _button(label, as_asked_now(make), file_name, hashlib.sha256(made_of.encode()).hexdigest(), key)


def _button(label: str, data: bytes | Callable[[], bytes], file_name: str, digest: str, key: str) -> None:
    path = PurePath(file_name)
    st.download_button(
        label,
        data,
        file_name=f"{path.stem}-{digest[:8]}{path.suffix}",
        mime=MEDIA_TYPES.get(path.suffix.lower(), "application/octet-stream"),
        key=key,
        on_click="ignore",
    )
