"""A campaign as one file: taken away from its page, brought back on the page where campaigns begin."""

import io
from collections.abc import Callable

import streamlit as st

from taizhang.declared.wording import Language
from taizhang.drawing.html import furniture
from taizhang.store import archives
from taizhang.store.archives import NotAnArchive
from taizhang.store.campaigns import Campaign, NameTaken
from taizhang.ui import which, who
from taizhang.ui.controls import standing
from taizhang.ui.downloads import download_made
from taizhang.ui.handed_in import head

LARGEST = 2000  # MB of an archive that is brought back here; a larger one by the command


def take_away(t: Language) -> None:
    """A button that hands out the whole campaign."""
    one, live = which.campaign(), standing().live
    if not who.may("backup"):
        return
    head(t("archive.out_title"), t("archive.out_caption"))
    name = archives.file_name(one, live)
    write = who.to_write("backup", campaign=one.name, release=live.number, detail=name)
    download_made(
        t("archive.take"),
        lambda: _archive(one, write),
        name,
        f"{one.store} {live.number} {live.published_at}",
        "archive",
    )


def _archive(one: Campaign, write: Callable[[], None]) -> bytes:
    out = io.BytesIO()
    archives.write(one, out)
    write()
    return out.getvalue()


def bring_back(t: Language) -> None:
    """Make a campaign of an archive, and go there."""
    if not who.may("backup"):
        return
    head(t("archive.in_title"), t("archive.in_caption"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        given = st.file_uploader(t("archive.choose"), type=["zip"], key="archive_in", max_upload_size=LARGEST)
        asked = st.button(t("archive.bring"), key="archive_bring", disabled=given is None)
    if not (given and asked):
        return
    bar = st.progress(0.0)
    try:
        one = archives.read(which.campaigns(), given, tell=lambda done, total: bar.progress(done / total))
    except NotAnArchive as wrong:
        st.html(furniture.message(t(f"archive.{wrong.what}", file=wrong.file), "error"))
    except NameTaken as taken:
        st.html(furniture.message(t("archive.taken", name=taken.name), "error"))
    else:
        which.go(one.name, ".")
