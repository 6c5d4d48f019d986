"""What one takes along of an exhibit: its data for a spreadsheet, its picture for a document."""

import re
from collections.abc import Callable

import streamlit as st

from taizhang.drawing.shapes import Table
from taizhang.evidence.provenance import Behind
from taizhang.exhibits import Exhibit
from taizhang.exhibits.views import View
from taizhang.showing.export import csv_of_shown, workbook_of_shown
from taizhang.showing.papers.picture import picture
from taizhang.ui.downloads import download_made


def offer(exhibit: Exhibit, view: View) -> None:
    """Four files, each made when it is asked for: two of the table, two of the picture."""
    t = view.t
    seen = (view.release.number, view.as_of, view.compare_on, view.district, view.only, t.code)
    made_of = repr((exhibit.name, exhibit.option, exhibit.title, seen))
    name = re.sub(r'[\\/:*?"<>|\s]+', " ", exhibit.title).strip()[:60] or exhibit.name
    makes: dict[str, Callable[[], bytes]] = {
        "csv": lambda: csv_of_shown(_table(exhibit, view)),
        "xlsx": lambda: workbook_of_shown(_table(exhibit, view), exhibit.title),
        "png": lambda: picture(exhibit, view, "png"),
        "svg": lambda: picture(exhibit, view, "svg"),
    }
    with st.container(horizontal=True, gap="small", key="taking"):
        for kind, make in makes.items():
            download_made(t(f"source.take_{kind}"), make, f"{name}.{kind}", made_of + kind, f"take_{kind}")


def _table(exhibit: Exhibit, view: View) -> Table:
    """What the panel shows first: every row of the answer drawn."""
    return Behind(exhibit, view).tables[0]
