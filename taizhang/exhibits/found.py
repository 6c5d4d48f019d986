"""Where is it? Rows of the whole campaign by any words of theirs, KPIs by their names."""

import unicodedata
from collections.abc import Iterable, Mapping

from taizhang.declared import queries
from taizhang.declared.tables import all_tables
from taizhang.drawing.shapes import Cell, Table
from taizhang.exhibits import Exhibit
from taizhang.exhibits.parts_of_campaign import is_used
from taizhang.exhibits.views import View

MOST = 60  # rows that are listed: with more, another word is the shorter way

# The ledgers that are searched, in the order in which their rows are listed.
_ORDER = (
    "issue",
    "action",
    "district",
    "town",
    "event",
    "research_topic",
    "suggestion",
    "proposal",
    "document",
    "figure",
    "kpi",
)


def found(view: View, text: str) -> Exhibit:
    """The rows that hold all words of a text, whichever way they are written: the key itself first, then beginnings.

    Each leads to itself; a KPI leads to its definition.
    """
    t, answer = view.t, view.ask("entries")
    words = _folded(text).split()
    rows = [_row(view, one) for one in answer.records() if is_used(view, str(one["table_name"]))]
    rows += [("kpi", code, t.label("kpi", code), "") for code in queries.answers()["kpis"].definitions]
    ranked = sorted((rank, place) for place, row in enumerate(rows) if (rank := _rank(row, words)) is not None)
    shown = [rows[place] for _, place in ranked[:MOST]]
    lines = tuple(
        (Cell(_kind(view, kind)), Cell(key), Cell(label, pick=f"open:{kind}:{key}"), Cell(detail))
        for kind, key, label, detail in shown
    )
    headings = tuple(t(f"search.{name}") for name in ("kind", "key", "label", "detail"))
    title = "found" if len(ranked) <= MOST else "found_more"
    return Exhibit(
        "found.found",
        (answer,),
        Table(headings, lines, t("search.nothing"), wide=(2,)),
        t(f"search.{title}", count=t.number(len(ranked)), shown=MOST) if ranked else t("search.nothing"),
    )


def _row(view: View, one: Mapping) -> tuple[str, str, str, str]:
    label = view.t.name(one["label_zh"], one["label_en"])
    return str(one["table_name"]), str(one["row_key"]), label, str(one["detail"] or "")


def _kind(view: View, kind: str) -> str:
    return view.t("search.kpi") if kind == "kpi" else view.t.of(all_tables()[kind].title)


def _rank(row: tuple[str, str, str, str], words: Iterable[str]) -> tuple | None:
    """How well a row fits, the smaller the better; None when one of the words is nowhere in it."""
    kind, key, label, detail = row
    own, said = _folded(key), _folded(f"{key} {label} {detail}")
    if not all(word in said for word in words):
        return None
    first = next(iter(words), "")
    return own != first, not own.startswith(first), not _folded(label).startswith(first), _ORDER.index(kind), own


def _folded(text: str) -> str:
    """Without the difference of width, case and kind of dash."""
    return unicodedata.normalize("NFKC", text).casefold().replace("—", "-").replace("–", "-")
