"""What keeps a file from being published, in a few lines at the top of the upload page that stay in view."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from taizhang.declared.wording import Language
from taizhang.drawing.html import furniture
from taizhang.rows.problems import ERROR, Problem, follows, sentence
from taizhang.uploads import Checked

MOST = 3  # kinds of problems that are named; the others are counted
LONG = 60  # letters of a sentence; all of it stands further down


def place() -> DeltaGenerator:
    """Where the summary will stand; nothing is seen of it until something blocks."""
    return st.container(key="upload_blocking").empty()


def say(at: DeltaGenerator, checked: Checked, t: Language) -> None:
    """The errors of the files by kind, causes before what follows from them."""
    errors = [group for group in checked.groups if group.severity == ERROR]
    causes = [group for group in errors if not follows(group, checked.groups)]
    said = [t("upload.blocking_group", count=one.count, said=t.more(sentence(one.first, t), LONG)) for one in causes]
    _write(at, sum(one.count for one in causes), said, t)


def say_open(at: DeltaGenerator, conflicts: int, broken: Sequence[Problem], t: Language) -> None:
    """What comes up once the files are read: cells to choose on, and rules between rows."""
    said = [t("upload.conflicts_block", count=conflicts)] if conflicts else []
    _write(at, conflicts + len(broken), [*said, *(t.more(sentence(one, t), LONG) for one in broken)], t)


def _write(at: DeltaGenerator, count: int, said: Sequence[str], t: Language) -> None:
    if said:
        more = [t("upload.blocking_more", count=len(said) - MOST)] if len(said) > MOST else []
        at.html(furniture.blocking(t("upload.blocking", count=count), [*said[:MOST], *more]))
