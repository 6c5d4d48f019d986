"""The one way a file leaves the board: Streamlit tells large files apart by samples, so each name carries a hash."""

import hashlib
from pathlib import PurePath

import streamlit as st

KINDS = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def download(label: str, data: bytes, file_name: str, key: str) -> None:
    """A button that hands out the bytes as `stem-hash.suffix`, the hash being that of the whole content."""
    path = PurePath(file_name)
    name = f"{path.stem}-{hashlib.sha256(data).hexdigest()[:8]}{path.suffix}"
    st.download_button(
        label, data, file_name=name, mime=KINDS.get(path.suffix.lower(), "application/octet-stream"),
        key=key, on_click="ignore",
    )  # fmt: skip
