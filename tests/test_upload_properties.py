"""Properties of an upload, for generated ledgers and for files with a byte flipped."""

import csv
import datetime as dt
import io
import itertools
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taizhang import uploads
from taizhang.declared import tables
from taizhang.declared.wording import language
from taizhang.rows import changes, comparison
from taizhang.rows.changes import Decisions
from taizhang.rows.problems import sentence
from taizhang.store import Store, releases
from taizhang.store.releases import Note
from taizhang.uploads import lines, values

QUICK = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
MANY = settings(QUICK, max_examples=150)

DAY = dt.date(2019, 9, 20)
FIRST, LAST = dt.date(2019, 1, 1), dt.date(2019, 12, 31)
TEXT = st.text("整改措施问题修路台账甲乙丙ab Z19,;.、，“\"'=-+@（）()%％\n\t|/", max_size=12).map(str.strip)
MAYBE = st.one_of(st.none(), TEXT.map(lambda text: text or None))
FULL = TEXT.map(lambda text: f"修{text}".strip())
DATES = st.one_of(st.none(), st.dates(FIRST, LAST))
COLUMNS = ("action_id", "issue_id", "content", "rect_type", "resp_unit", "due_on", "status", "percent", "blocker")
ISSUES = ("WT-1", "WT-2")

MEASURES = st.fixed_dictionaries(
    {
        "issue_id": st.one_of(st.none(), st.sampled_from(ISSUES)),
        "content": FULL,
        "rect_type": st.one_of(st.none(), st.sampled_from(["immediate", "time_limited", "long_term"])),
        "resp_unit": MAYBE,
        "due_on": DATES,
        "status": st.one_of(st.none(), st.sampled_from(["not_started", "in_progress"])),
        "percent": st.one_of(st.none(), st.integers(0, 100)),
        "blocker": MAYBE,
    }
)
LEDGERS = st.dictionaries(st.integers(1, 9).map(lambda n: f"CS-{n}"), MEASURES, min_size=1, max_size=6)


def as_csv(measures: dict[str, dict], columns=COLUMNS) -> bytes:
    """The measures as a clerk's file: an empty cell for what is not known."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for key, cells in measures.items():
        row = {"action_id": key, **cells}
        writer.writerow(["" if row[name] is None else _written(row[name]) for name in columns])
    return out.getvalue().encode()


def _written(value: object) -> str:
    text = value.isoformat() if isinstance(value, dt.date) else str(value)
    return values.guarded(text)  # as our own export writes it: a text is no formula


def cleared(measures: dict[str, dict]) -> bytes:
    """The same file, saying of every cell that is not known that it is to be emptied."""
    empty = dict.fromkeys(COLUMNS, "(清空)")
    told = {
        key: {name: empty[name] if value is None else value for name, value in cells.items()}
        for key, cells in measures.items()
    }
    return as_csv(told)


@pytest.fixture(scope="module")
def empty(tmp_path_factory) -> Store:
    """A store with two issues and no measure."""
    store = Store(tmp_path_factory.mktemp("properties") / "store")
    publish(store, b"issue_id,title\nWT-1,a\nWT-2,b\n", name="issue.csv")
    return store


_copies = itertools.count()


@pytest.fixture
def fresh(empty, tmp_path):
    """`fresh()` is a copy of the empty store."""

    def copy() -> Store:
        return Store(shutil.copytree(empty.folder, tmp_path / f"store{next(_copies)}"))

    return copy


def publish(store: Store, data: bytes, decisions=None, name: str = "action.csv") -> releases.Release:
    checked = uploads.check(store, [(name, data)])
    assert checked.errors == ()
    note = Note("甲", DAY, "更新", "Update")
    made = uploads.draft(store, checked.files, note, decisions or Decisions(), checked.parent)
    return store.publish_draft(made)


def held(release: releases.Release, columns=COLUMNS) -> dict[str, dict]:
    return {
        key: {name: row[name] for name in columns if name != "action_id"}
        for key, row in release.rows()["action"].items()
    }


@QUICK
@given(measures=LEDGERS)
def test_what_is_published_is_what_the_file_says_and_publishing_again_changes_nothing(fresh, measures):
    store, data = fresh(), as_csv(measures)
    live = publish(store, data)
    assert held(live) == measures
    again = uploads.check(store, [("action.csv", data)])
    assert (again.comparison.changes, again.already) == (0, live.number)
    assert publish(store, data).rows() == live.rows()


@QUICK
@given(first=LEDGERS, second=LEDGERS)
def test_undo_brings_back_every_row_exactly_whatever_was_published(fresh, first, second):
    store = fresh()
    before = publish(store, as_csv(first)).rows()
    gone = Decisions(all_missing="remove", remove_reason="换一批")
    made = publish(store, cleared(second), gone)
    assert held(made) == second
    note = Note("甲", DAY, "撤销", "Undo")
    assert store.take_back(made.number, note).rows() == before
    assert store.take_back(made.number + 1, note).rows() == made.rows()


@MANY
@given(first=LEDGERS, second=LEDGERS)
def test_a_comparison_applied_to_the_rows_gives_the_rows_after(first, second):
    """Without a store: comparison and merge agree, and neither changes what it is given."""
    before = rows_of(first)
    kept = {key: dict(row) for key, row in before["action"].items()}
    file = file_of(second)
    found = comparison.compare([file], before).of("action")
    applied = {key: dict(row) for key, row in before["action"].items()}
    for kind in comparison.KINDS:
        for change in found.rows(kind):
            if kind == "new":
                applied[change.key] = dict(change.row)
            for cell in change.cells:
                assert applied[change.key][cell.column] == cell.old
                applied[change.key][cell.column] = cell.new
    now, _ = comparison.after([file], before, Decisions())
    assert now["action"] == applied
    assert before["action"] == kept
    assert sum(found.counts.values()) == len(first.keys() | second.keys())
    records = changes.changes(before, now, 2, {})
    reverted = changes.revert(now, records)
    assert (reverted.rows, reverted.conflicts) == (before, {})


def rows_of(measures: dict[str, dict]) -> changes.Rows:
    table = tables.all_tables()["action"]
    found: changes.Rows = {name: {} for name in tables.ledgers()}
    for key, cells in measures.items():
        found["action"][key] = changes.row_after(table, None, {"action_id": key, **cells})
    return found


def file_of(measures: dict[str, dict]) -> comparison.PartFile:
    from taizhang.rows.ledgers import Row

    rows = [Row(line, {"action_id": key, **cells}) for line, (key, cells) in enumerate(measures.items(), start=2)]
    return comparison.PartFile("action", "a.csv", b"", "UTF-8", tuple(rows))


# --- a byte of a valid file is changed -------------------------------------------------------------------------

VALID = (
    "措施编号,问题编号,整改措施,责任单位,完成时限,整改状态,进度%\n"
    "CS-1,WT-1,修一条路,交通局,2019-10-01,整改中,40\n"
    'CS-2,WT-2,"架桥,两座",建设局,2019-10-15,未启动,0\n'
)
SEEN = {
    "action_id": ("CS-1", "CS-2"),
    "issue_id": ("WT-1", "WT-2"),
    "content": ("修一条路", "架桥,两座"),
    "resp_unit": ("交通局", "建设局"),
    "due_on": (dt.date(2019, 10, 1), dt.date(2019, 10, 15)),
    "status": ("in_progress", "not_started"),
    "percent": (40, 0),
}


@settings(QUICK, max_examples=200)
@given(place=st.integers(0, 400), byte=st.integers(0, 255), encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
def test_any_changed_byte_gives_a_clean_load_problems_or_one_sentence(empty, place, byte, encoding):
    whole = VALID.encode(encoding)
    data = bytearray(whole)
    data[place % len(data)] = byte
    try:
        checked = uploads.check(empty, [("action.csv", bytes(data))])
    except uploads.FileRefused as refused:
        assert lines.sentence(refused, language("zh"))  # noqa: PT017 (a refusal is one of three good ends)
        return
    for problem in checked.problems:
        assert all(sentence(problem, language(code)) for code in ("zh", "en"))
    if not checked.errors:
        for file in checked.files:
            for row in file.rows:
                say_nothing_else(row.cells, whole, bytes(data), place % len(data))


def say_nothing_else(cells: dict, whole: bytes, data: bytes, place: int) -> None:
    """A row whose own line was not touched says what it said; one that was touched is still of this file."""
    touched = whole[:place].count(b"\n")
    at = {key: line for line, key in enumerate(SEEN["action_id"], start=1)}
    key = cells["action_id"]
    if key in at and at[key] != touched:
        wrong = {name: value for name, value in cells.items() if value != SEEN[name][at[key] - 1]}
        assert wrong == {}, (touched, data)
    elif isinstance(cells.get("percent"), int):
        assert str(cells["percent"]).encode() in data


def test_every_byte_of_a_small_file_changed_in_turn_never_ends_in_a_traceback(empty):
    data = VALID.encode("gb18030")
    for place in range(0, len(data), 5):
        for byte in (0, 0x0A, 0x22, 0x2C, 0x80, 0xFF):
            changed = bytearray(data)
            changed[place] = byte
            try:
                uploads.check(empty, [("action.csv", bytes(changed))])
            except uploads.FileRefused:
                continue
