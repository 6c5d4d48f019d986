"""A KPI over the releases: what is recorded at publishing is what each release answers, and costs the same for ever."""

import datetime as dt
import shutil

import pytest

from taizhang.declared import queries
from taizhang.exhibits.views import Choices, look
from taizhang.rows.changes import Decisions
from taizhang.rows.ledgers import LedgerFile, Row
from taizhang.store import Note, Store, disk, engine, trends
from taizhang.store.standing import in_force

KPIS = ("K01", "K03", "K09", "K12", "K20", "K22", "K23", "K28", "K36")


def asked_one_by_one(store: Store, until: dt.date, kpi: str, side: str) -> tuple:
    """The slow answer: every release in force is asked on its own day."""
    live, found = store.live(), []
    for day, number in in_force(live).items():
        if day <= until:
            one = store.release(number)
            rows = one.ask("kpis", as_of=one.as_of).records()
            found.append(next((row[side] for row in rows if row["kpi"] == kpi and row["part"] is None), None))
    return tuple(found)


@pytest.fixture(params=["tiny_store", "demo_store"])
def store(request) -> Store:
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("side", trends.SIDES)
def test_what_was_recorded_is_what_the_releases_answer(store, side):
    live = store.live()
    for kpi in KPIS:
        assert store.trend(live, live.as_of, kpi, side) == asked_one_by_one(store, live.as_of, kpi, side)


def test_in_a_gap_of_a_trend_no_definition_stood_in(tiny_store, tmp_path, monkeypatch):
    store = Store(shutil.copytree(tiny_store.folder, tmp_path / "store"))
    monkeypatch.setattr(trends, "asked_with", lambda: "another question")  # nothing is recorded for it
    disk.path_of(store.folder, 1).unlink()
    live = store.live()
    told = store.trend(live, live.as_of, "K01")
    assert (len(told), told[0], None in told[1:]) == (3, None, False)
    assert store.trend_stand_ins(live, live.as_of) == ()


def test_a_trend_ends_at_the_day_on_screen(demo_store):
    earlier = sorted(in_force(demo_store.live()))[4]
    told = demo_store.trend(demo_store.live(), earlier, "K20")
    assert told == asked_one_by_one(demo_store, earlier, "K20", "value")
    assert len(told) == 5


def publish(store: Store, weeks: int, table: str, **cells: object) -> None:
    """One row of a ledger, so many weeks after the newest data."""
    live = store.live()
    note = Note("测试", live.as_of + dt.timedelta(weeks=weeks), "周报", "Weekly")
    file = LedgerFile(table, f"{table}.csv", repr(cells).encode(), "utf-8", (Row(2, cells),))
    store.publish([file], note, live.number)


@pytest.fixture(scope="module")
def worked_once(tiny_store, tmp_path_factory) -> Store:
    """The tiny data and two weeks more, the first of them taken back, and that undo taken back again; not to be
    written to."""
    store = Store(shutil.copytree(tiny_store.folder, tmp_path_factory.mktemp("worked") / "store"))
    publish(store, 1, "visit", visit_id="ZF-5", status="planned")
    publish(store, 1, "action", action_id="CS-018", percent=35)
    last = store.live()
    undone = store.take_back(4, Note("测试", last.as_of, "撤销", "Undo"), dict.fromkeys(changed_in(store, 4), "later"))
    store.take_back(undone.number, Note("测试", last.as_of, "恢复", "Again"))
    return store


@pytest.fixture
def worked(worked_once, tmp_path) -> Store:
    """The same, of the test's own."""
    return Store(shutil.copytree(worked_once.folder, tmp_path / "store"))


def changed_in(store: Store, number: int) -> list[tuple[str, str, str]]:
    rows = store.live().records("change", release=number)
    return [(row["table_name"], row["row_key"], row["field"]) for row in rows]


def test_undos_are_in_the_trend_as_the_releases_in_force_tell(worked):
    live = worked.live()
    for kpi in KPIS:
        assert worked.trend(live, live.as_of, kpi) == asked_one_by_one(worked, live.as_of, kpi, "value")


def test_a_draft_is_asked_itself_and_its_past_from_the_records(demo_store, tmp_path):
    store = Store(shutil.copytree(demo_store.folder, tmp_path / "store"))
    live = store.live()
    day = live.as_of + dt.timedelta(days=7)
    draft = store.draft([], Note("测试", day, "周", "Week"), Decisions(), live.number)
    now = {row["kpi"]: row["value"] for row in draft.release.ask("kpis", as_of=day).records() if row["part"] is None}
    told = store.trend(draft.release, day, "K20")
    assert told == (*store.trend(live, live.as_of, "K20"), now["K20"])


def test_after_a_changed_question_the_releases_are_asked_again_and_the_next_publish_records_it(worked, monkeypatch):
    before = worked.trend(worked.live(), dt.date.max, "K20")
    monkeypatch.setattr(trends, "asked_with", lambda: "another")
    trends._recorded.cache_clear()
    assert worked.live().records("trend", asked_with="another") == []
    assert worked.trend(worked.live(), dt.date.max, "K20") == before
    made = worked.take_back(worked.live_number(), Note("测试", worked.live().as_of, "撤销", "Undo"), {})
    numbers = {row["release"] for row in made.records("trend", asked_with="another", kpi="K20")}
    assert numbers >= set(in_force(made).values()) - {made.number}  # of which nothing is recorded: it is on the page
    trends._recorded.cache_clear()


def test_a_look_at_the_board_asks_two_releases_however_many_there_are(demo_store, monkeypatch):
    """The one on screen and the one compared with; all others speak through what was recorded."""
    from taizhang.exhibits import overview, rectification, research

    asked = set()
    ask = engine.ask
    monkeypatch.setattr(engine, "ask", lambda path, *rest, **more: asked.add(path.name) or ask(path, *rest, **more))
    view = look(demo_store, Choices())
    for make in (overview.headline, rectification.headline, rectification.burn_down, research.figures):
        make(view)
    assert asked <= {view.release.on_disk.name, view.compared.on_disk.name}


def test_every_kpi_is_recorded_of_every_release_before_the_newest(tiny_store):
    live = tiny_store.live()
    rows = live.records("trend")
    kpis = {row["kpi"] for row in live.ask("kpis", as_of=live.as_of).records() if row["part"] is None}
    assert {(row["release"], row["kpi"]) for row in rows} == {
        (number, kpi) for number in tiny_store.numbers()[:-1] for kpi in kpis
    }
    assert {row["asked_with"] for row in rows} == {trends.asked_with()}
    assert "K01" in queries.answers()["kpis"].definitions
