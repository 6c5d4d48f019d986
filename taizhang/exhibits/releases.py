"""Which releases are there, and what did each of them change?

Everything here looks at a whole release, whatever day a reader has chosen: `view` is the view of the release in
question, the newest one for the list.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from taizhang.declared.tables import all_tables, ledgers
from taizhang.declared.wording import Language
from taizhang.drawing.shapes import Cell, Table
from taizhang.exhibits import Exhibit
from taizhang.exhibits.records import (
    MOST_ROWS,
    count_cell,
    cut,
    heading,
    key_cell,
    numbered,
    once,
    said,
    when,
    whole_text,
)
from taizhang.exhibits.tones import toned
from taizhang.exhibits.views import View
from taizhang.store.releases import Answer, Release
from taizhang.store.standing import act_of

OUTCOMES = ("added", "changed", "removed", "same")
SHORT_CHECKSUM = 8

Changes = Mapping[tuple[str, str], tuple[dict, ...]]  # (ledger, kind) → change records


# --- the releases ----------------------------------------------------------------------------------------------


def listed(view: View, chosen: int, on_screen: int, most: int | None = None) -> Exhibit:
    """The releases, newest first: who, when, of which day, why, how much; and which of them count.

    All of them, or the `most` newest. The one `chosen` stands out, the one `on_screen` is what the board shows.
    """
    t, answer = view.t, view.ask("release_list")
    days = {row["release"]: row["as_of_on"] for row in answer.records()}
    opening = [row for row in answer.records() if row["kind"] != "carried"]
    acts = {row["release"]: act_of(view.release, row["release"]) for row in opening}
    gone = taken_back(answer)
    rows = tuple(
        (
            _numbers(t, acts[row["release"]], "moving" if chosen in acts[row["release"]] else ""),
            _state(view, acts[row["release"]], gone, on_screen),
            Cell(_how(t, row)),
            Cell(t.day(row["as_of_on"])),
            Cell(when(row["published_at"])),
            Cell(row["published_by"]),
            Cell(t.name(row["note_zh"], row["note_en"]) + _along(t, acts[row["release"]], days)),
            count_cell(t, row["files"], f"release:{row['release']}"),
            *(count_cell(t, count, f"{kind}:{row['release']}") for kind, count in _touched_rows(view, row).items()),
        )
        for row in opening[:most]
    )
    names = ("release", "state", "how", "as_of", "published", "by", "note", "files", "added", "changed")
    return Exhibit(
        "releases.list",
        (answer,),
        Table(tuple(t(f"releases.{name}") for name in names), rows, t("common.no_rows"), wide=(6,)),
        t("releases.list_title", count=len(answer.rows), number=view.release.number),
        t("releases.list_caption", number=chosen),
    )


def _touched_rows(view: View, row: Mapping) -> dict[str, int]:
    """The rows that came and changed: as the files had them or, without files, as they were recorded."""
    if row["files"]:
        return {"added": row["rows_new"], "changed": row["rows_changed"]}
    records = view.ask("changes_of", release=row["release"]).records()
    rows = {(one["kind"], one["table_name"], one["row_key"]) for one in records}
    return {kind: sum(one[0] == kind for one in rows) for kind in ("added", "changed")}


def _numbers(t: Language, act: range, tone: str) -> Cell:
    """The numbers of the releases of an act."""
    if len(act) == 1:
        return numbered(t, act[0], tone)
    return replace(numbered(t, act[0], tone), text=t("releases.number", number=numbers_of(act)))


def numbers_of(act: range) -> str:
    """The numbers of the releases of an act, as one word: 15–16."""
    return str(act[0]) if len(act) == 1 else f"{act[0]}–{act[-1]}"


def _along(t: Language, act: range, days: Mapping[int, dt.date]) -> str:
    """The later days that an act restated with its own."""
    said = t("common.comma").join(t.day(days[number]) for number in act[1:])
    return t("releases.along", days=said) if said else ""


def _state(view: View, act: range, gone: Mapping[int, int], on_screen: int) -> Cell:
    t = view.t
    if act[0] in gone:
        return toned(t("releases.taken_back", number=gone[act[0]]), "faint")
    if view.release.number in act:
        return toned(t("releases.live"), "done")
    return toned(t("releases.on_screen"), "moving") if on_screen in act else Cell("")


def _how(t: Language, row: Mapping) -> str:
    if row["undoes"] is not None:
        return t("releases.undoes", number=row["undoes"])
    return t.label("release_kind", row["kind"])


def taken_back(answer: Answer) -> dict[int, int]:
    """Release → the undo that took it back, and was not taken back itself; from a `release_list`."""
    gone: dict[int, int] = {}
    for row in sorted(answer.records(), key=lambda row: row["release"], reverse=True):
        if row["undoes"] is not None and row["release"] not in gone:
            gone.setdefault(row["undoes"], row["release"])
    return gone


# --- one release -----------------------------------------------------------------------------------------------


def summary(view: View) -> Exhibit:
    """What the release did to each ledger, in rows; each count opens them. The most changed ledger first."""
    t, release = view.t, view.release
    answer, counted = view.ask("changes_of", release=release.number), counts(view)
    kinds = [kind for kind in OUTCOMES if any(own[kind] for own in counted.values())]
    rows = tuple(
        (
            Cell(t.of(all_tables()[name].title)),
            *(count_cell(t, own[kind], f"rows:{release.number}:{name}:{kind}") for kind in kinds),
        )
        for name, own in counted.items()
    )
    sums = {kind: sum(own[kind] for own in counted.values()) for kind in kinds if kind != "same"}
    told = t("releases.between_counts").join(t(f"releases.sum_{kind}", count=t.number(sums[kind])) for kind in sums)
    return Exhibit(
        "releases.summary",
        (answer,),
        Table((t("releases.ledger"), *(t(f"releases.{kind}") for kind in kinds)), rows, t("releases.nothing_changed")),
        t("releases.summary_title", number=release.number, told=told or t("releases.nothing_changed")),
        t(
            "releases.summary_caption",
            note=t.name(release.note_zh, release.note_en),
            by=release.published_by,
            when=when(release.published_at),
            day=t.day(release.as_of),
        ),
    )


def counts(view: View) -> dict[str, dict[str, int]]:
    """Ledger → kind → number of rows, for the ledgers the release had to do with; the most changed first."""
    found = tally(view.release)
    counted = {
        name: {kind: len(keys_of(found, name, kind)) for kind in OUTCOMES[:3]} | {"same": len(same_rows(view, name))}
        for name in ledgers()
    }
    changed = {name: own["added"] + own["changed"] + own["removed"] for name, own in counted.items()}
    ordered = sorted(counted, key=lambda name: -changed[name])
    return {name: counted[name] for name in ordered if any(counted[name].values())}


def keys_of(found: Changes, name: str, kind: str) -> tuple[str, ...]:
    """The rows of a ledger that have a change of that kind, each once."""
    return tuple(dict.fromkeys(row["row_key"] for row in found.get((name, kind), ())))


@lru_cache(maxsize=64)
def tally(release: Release) -> Changes:
    """The change records of a release by ledger and kind."""
    found: dict[tuple[str, str], list[dict]] = {}
    for row in release.ask("changes_of", release=release.number).records():
        found.setdefault((row["table_name"], row["kind"]), []).append(row)
    return {place: tuple(rows) for place, rows in found.items()}


def same_rows(view: View, name: str) -> tuple[dict, ...]:
    """The rows of a ledger that stood in the files of the release and said nothing new."""
    release = view.release
    if name not in view.ask("received_files", release=release.number).column("table_name"):
        return ()
    found = tally(release)
    new = {key for kind in ("added", "changed") for key in keys_of(found, name, kind)}
    return tuple(
        row
        for row in view.ask("origins", table_name=name).records()
        if row["release"] == release.number and row["row_key"] not in new
    )


def files(view: View) -> Exhibit:
    """The files that came with the release, as they were received."""
    t, release = view.t, view.release
    answer = view.ask("received_files", release=release.number)
    rows = tuple(
        (
            Cell(row["file_name"]),
            Cell(t.of(all_tables()[row["table_name"]].title)),
            Cell(t.number(row["rows_total"]), is_number=True),
            Cell(row["encoding"]),
            Cell(row["sha256"][:SHORT_CHECKSUM] + "…"),
        )
        for row in answer.records()
    )
    count = len(set(answer.column("sha256")))
    names = ("file", "ledger", "rows", "encoding", "sha256")
    return Exhibit(
        "releases.files",
        (answer,),
        Table(tuple(t(f"releases.{name}") for name in names), rows, t("releases.no_files")),
        t("releases.files_title", count=count) if count else t("releases.files_none"),
        t("releases.files_caption") if count else "",
    )


def received(view: View) -> dict[str, dict]:
    """Checksum → what is recorded of each file that came with the release of the view."""
    answer = view.ask("received_files", release=view.release.number)
    return {row["sha256"]: row for row in answer.records()}


def rows(view: View, name: str, kind: str) -> Exhibit:
    """The rows of one count: what became of each, and on which line of the file it stands."""
    t, release = view.t, view.release
    if kind == "same":
        answer, records = view.ask("origins", table_name=name), same_rows(view, name)
    else:
        answer = view.ask("changes_of", release=release.number)
        records = tally(release).get((name, kind), ())
    drawn = {"changed": _changed_cells, "same": _same_row}.get(kind, _whole_row)
    lines = once(tuple(drawn(t, name, row) for row in records[:MOST_ROWS]))
    headings = {"changed": ("row", "field", "old", "new", "line"), "same": ("row", "line")}
    names = headings.get(kind, ("row", "content", "line"))
    ledger = t.of(all_tables()[name].title)
    count = len({row["row_key"] for row in records})
    return Exhibit(
        "releases.rows",
        (answer,),
        Table(tuple(t(f"releases.{one}") for one in names), lines, t("common.no_rows"), wide=_wide(names)),
        t(f"releases.rows_{kind}", ledger=ledger, count=t.number(count), number=release.number),
        t("releases.rows_caption"),
        cut(t, len(records)),
    )


def _wide(names: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(place for place, one in enumerate(names) if one in ("old", "new", "content"))


def _changed_cells(t: Language, name: str, row: Mapping) -> tuple[Cell, ...]:
    field = row["field"]
    return (
        key_cell(name, row["row_key"]),
        Cell(heading(t, name, field)),
        Cell(said(t, name, field, row["old"])),
        Cell(said(t, name, field, row["new"])),
        Cell(t.number(row["line"]), is_number=True),
    )


def _whole_row(t: Language, name: str, row: Mapping) -> tuple[Cell, ...]:
    content = row["old"] if row["kind"] == "removed" else row["new"]
    return (
        key_cell(name, row["row_key"]),
        Cell(whole_text(t, name, content)),
        Cell(t.number(row["line"]), is_number=True),
    )


def _same_row(t: Language, name: str, row: Mapping) -> tuple[Cell, ...]:
    return (key_cell(name, row["row_key"]), Cell(t.number(row["line"]), is_number=True))
