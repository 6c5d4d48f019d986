"""What a clerk has handed in and decided so far, kept while other pages are looked at; and how the page speaks."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import streamlit as st

from taizhang.declared.wording import Language
from taizhang.drawing import html
from taizhang.drawing.html import furniture
from taizhang.drawing.shapes import Table
from taizhang.rows.changes import Decisions
from taizhang.store import Draft, clock, drafts
from taizhang.ui.aloud import act
from taizhang.ui.controls import theme
from taizhang.uploads.fixes import NOTHING_LEARNT, Fix, switched, together
from taizhang.uploads.of_unit import OfUnit

MOST_ROWS = 200  # rows of a list on the page; the counts are always of all


@dataclass(frozen=True)
class Upload:
    """What the clerk has handed in and decided so far; kept while other pages are looked at."""

    given: tuple[tuple[str, bytes], ...]  # as they came; `files` are what is in them
    files: tuple[tuple[str, bytes], ...]
    fixes: tuple[Fix, ...] = ()
    decisions: Decisions = field(default_factory=Decisions)
    draft: Draft | None = None
    restates: dt.date | None = None  # the day that has passed and that the files are to correct
    day: dt.date | None = None  # the day the clerk said last, be it by choosing what is meant
    received_on: dt.date = field(default_factory=clock.today)  # of sheets that came back; the clerk may change it
    is_each: bool = False  # such sheets are published one unit after another
    is_asked: bool = False  # the conclusions were asked for, and the rows of another day had to be looked at first
    of: OfUnit | None = None  # whose files they are, where somebody is held to some units
    waiting: int | None = None  # the number under which they wait to be accepted
    listed_in: int | None = None  # the release whose measures an act was chosen for: no other may be overwritten


def current() -> Upload:
    """The upload in hand; only after `receive` has taken one."""
    return st.session_state["_upload"]


def keep(handed_in: Upload) -> Upload:
    """Keep what was decided, for the next run and for the way back from other pages; a draft it had is thrown away
    when it has another or none.

    Any touch of the session may end this run, since the next has begun: what is kept never names a draft that is gone.
    """
    before: Upload | None = st.session_state.get("_upload")
    st.session_state["_upload"] = handed_in
    if before and before.draft and (handed_in.draft is None or handed_in.draft.name != before.draft.name):
        drafts.discard(before.draft)
    return handed_in


@act
def put_away() -> None:
    """Forget the upload; nothing was published, and the received bytes stay where they are kept."""
    before: Upload | None = st.session_state.pop("_upload", None)
    if before and before.draft:
        drafts.discard(before.draft)
    for name in ("_checked", "_refused"):
        st.session_state.pop(name, None)
    st.session_state["_uploads_before"] = st.session_state.get("_uploads_before", 0) + 1


def box() -> str:
    """The name of the box that files are put into: another one after each upload, since a browser goes on sending the
    files it was once given to the same box."""
    before = st.session_state.get("_uploads_before", 0)
    return f"upload_files_{before}" if before else "upload_files"


def add_fixes(fixes: Iterable[Fix]) -> None:
    """Add repairs and read the files again; a draft made without them is put aside."""
    handed_in = current()
    added = together(NOTHING_LEARNT, (*handed_in.fixes, *fixes))
    keep(replace(handed_in, fixes=added, draft=None))
    st.rerun()


@act
def switch(key: str, is_on: bool) -> None:
    """Switch a repair on or off, also one that an earlier upload taught."""
    handed_in = current()
    known = {fix.key: fix for fix in (*st.session_state["_checked"][1].applied, *handed_in.fixes)}
    own = {fix.key: fix for fix in handed_in.fixes} | {key: known[key]}
    keep(replace(handed_in, fixes=switched(tuple(own.values()), key, is_on), draft=None))


def head(title: str, caption: str) -> None:
    """The heading of a step."""
    st.html(furniture.exhibit_head(title, caption, ""))


def draw(shape: Table, t: Language) -> None:
    """A table as every page draws it."""
    st.html(html.drawn(shape, theme(), t.code))
