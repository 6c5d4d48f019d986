"""What was shown and has been corrected since: found, counted and said; and nothing else is taken for a correction."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from ready_made import copy_of, go_on_as

from taizhang.declared.wording import language
from taizhang.evidence import restatements
from taizhang.evidence.restatements import corrected_by, in_force, sentence
from taizhang.exhibits.catalogue import CATALOGUE, exhibit
from taizhang.exhibits.views import Choices, View, look, pinned
from taizhang.rows import ledgers
from taizhang.rows.ledgers import Row
from taizhang.showing import meetings, slides
from taizhang.store import Store, engine, releases

FIRST, SECOND, THIRD = (dt.date(2019, 9, 20), dt.date(2019, 9, 27), dt.date(2019, 10, 11))
OPEN_AGAIN = {"action_id": "CS-018", "status": "in_progress", "done_on": None, "verified_by": None, "closed_on": None}
NOT_MADE = {"visit_id": "ZF-5", "status": "planned"}
ZH, EN = language("zh"), language("en")


@pytest.fixture
def store(tiny_store, tmp_path) -> Store:
    """The tiny store, of the test's own: three releases, the last of 11 October."""
    return copy_of(tiny_store, tmp_path / "store")


def publish(store: Store, as_of: dt.date, **rows: dict) -> releases.Release:
    """One row each of some ledgers, as of a day."""
    files = [
        ledgers.LedgerFile(table, f"{table}.csv", repr(cells).encode(), "utf-8", (Row(2, cells),))
        for table, cells in rows.items()
    ]
    note = releases.Note("测试", as_of, "更正", "Correction")
    return store.publish(files, note, store.live_number())


def shown(store: Store, **choices: object) -> View:
    """What a reader sees now, kept as it is."""
    view = look(store, Choices(**choices))
    compared = view.compared.number if view.compared else None
    return pinned(store, view.release.number, view.as_of, compared, view.compare_on, view.district, view.t.code)


def then(store: Store, **more: str) -> View:
    """What a reader saw when the third release was the newest."""
    return pinned(store, 3, THIRD, 2, SECOND, **more)


def third_undone(store: Store) -> None:
    store.take_back(3, releases.Note("测试", SECOND, "撤销", "Undone"))


def visit_not_made(store: Store) -> None:
    publish(store, THIRD, visit=NOT_MADE)


def sealed(store: Store) -> None:
    meetings.finish(store, meetings.save(store, meetings.prepare(shown(store), "HY-9", "第三次", THIRD)), "办公室")


def measure_open_again(store: Store) -> None:
    publish(store, THIRD, action=OPEN_AGAIN)


@pytest.fixture
def after(store, tiny_store, ready_made) -> Callable[..., None]:
    """A function: after(act, then) lets the store go on with acts that several tests start from, each done once."""

    def go_on(*acts: Callable[[Store], None]) -> None:
        further = tiny_store
        for place, act in enumerate(acts):
            name = "_".join(["tiny", *(one.__name__ for one in acts[: place + 1])])
            further = ready_made(name, act, further)
        go_on_as(store, further)

    return go_on


@pytest.fixture(scope="module")
def reopened(tiny_store, tmp_path_factory) -> Store:
    """The tiny store after a measure was opened again on the day of the third release; not to be written to."""
    store = copy_of(tiny_store, tmp_path_factory.mktemp("reopened") / "store")
    publish(store, THIRD, action=OPEN_AGAIN)
    return store


def restated(store: Store, name: str, view: View) -> tuple[restatements.Restatement, ...]:
    return restatements.restatements(store.standing(), exhibit(name, view), view)


def everything(store: Store, view: View) -> dict[str, tuple]:
    return {name: found for name in CATALOGUE if (found := restated(store, name, view))}


def test_a_correction_of_the_same_day_is_said_figure_by_figure(store):
    view = shown(store)
    publish(store, THIRD, action=OPEN_AGAIN, visit=NOT_MADE)
    closed, towns = restated(store, "overview.headline", view)
    assert (closed.place, closed.label, closed.was, closed.now) == (1, "措施销号", "4/15", "3/15")
    assert (towns.place, towns.was, towns.now) == (3, "2/5", "1/5")
    assert (closed.rows, closed.release) == (2, 4)
    assert closed.sentence(ZH) == "措施销号 当时 4/15，现为 3/15（第 4 版更正了 2 行）"
    assert sentence((closed, towns), ZH) == (
        "措施销号 当时 4/15，现为 3/15；走访乡镇街道 当时 2/5，现为 1/5（第 4 版更正了 2 行）"
    )
    assert sentence((), ZH) == ""


def test_it_is_said_in_english(reopened):
    view = then(reopened, lang="en")
    (closed,) = restated(reopened, "overview.headline", view)
    assert closed.sentence(EN) == "Measures closed 4/15 then, 3/15 now (1 row corrected by release 4)"
    assert replace(closed, rows=12).sentence(EN).endswith(" (12 rows corrected by release 4)")


def test_only_rows_of_the_ledgers_an_exhibit_reads_are_counted(store, after):
    view = shown(store)
    after(visit_not_made, measure_open_again)
    (headline, tiles) = restated(store, "research.map", view)
    assert (headline.rows, headline.release, tiles.rows, tiles.release) == (1, 4, 1, 4)
    assert (headline.place, headline.was) == (0, exhibit("research.map", view).title)
    assert headline.now == exhibit("research.map", look(store, Choices())).title
    assert tiles.count == 1  # one town is planned again
    assert "study.figures" not in everything(store, view)


def test_rows_of_a_table_that_differ_are_counted(store):
    view = shown(store)
    publish(store, THIRD, action={"action_id": "CS-004", "content": "走访群众"})
    (found,) = restated(store, "rectification.ledger", view)
    assert found.said(ZH) == "图表中 1 处与当时不同"
    assert found.said(EN) == "1 of the values drawn differ"


def test_a_correction_corrected_back_is_no_restatement(store, after):
    view = shown(store)
    after(visit_not_made)
    assert corrected_by(store.standing(), view) == 4
    publish(store, THIRD, visit={"visit_id": "ZF-5", "status": "made"})
    assert (everything(store, view), corrected_by(store.standing(), view)) == ({}, None)


def test_the_undo_of_what_was_shown_is_a_restatement(store, after):
    view = shown(store)
    after(third_undone)
    closed, *_ = restated(store, "overview.headline", view)
    was_then = exhibit("overview.headline", pinned(store, 2, THIRD)).shape.items[0].value
    assert (closed.was, closed.now, closed.release) == ("4/15", was_then, 4)
    (visits, *_) = restated(store, "research.to_visit", view)
    assert visits.rows == 2  # ZF-5 and ZF-6, the only rows of 11 October in the ledgers of visits and places


def test_progress_of_a_later_week_corrects_nothing_and_nothing_is_asked(store, monkeypatch):
    view = shown(store)
    made = {name: exhibit(name, view) for name in CATALOGUE}
    publish(store, dt.date(2019, 10, 18), action=OPEN_AGAIN)
    assert in_force(store.standing(), view).release.number == 3
    monkeypatch.setattr(engine, "ask", None)  # a question would fail
    assert [restatements.restatements(store.standing(), one, view) for one in made.values()] == [()] * len(made)
    assert corrected_by(store.standing(), view) is None


def test_finishing_a_meeting_corrects_nothing(store):
    view = shown(store)
    promised = meetings.Commitment("一科月底前办结", "一科")
    one = replace(meetings.prepare(view, "HY-9", "第三次", THIRD), commitments=(promised,))
    meetings.save(store, one)
    assert meetings.finish(store, one, "办公室").number == 4
    assert (
        in_force(store.standing(), view).release.number,
        everything(store, view),
        corrected_by(store.standing(), view),
    ) == (4, {}, None)


def test_a_correction_after_a_meeting_counts_its_own_rows_only(store, after):
    view = shown(store)
    after(sealed, measure_open_again)
    (closed,) = restated(store, "overview.headline", view)
    assert (closed.rows, closed.release) == (1, 5)


def test_a_replayed_meeting_says_what_was_corrected_since(store, after):
    after(sealed)
    assert not any(slide.restated for slide in slides.show(store, meetings.meeting(store, "HY-9"), "zh").slides)
    after(sealed, measure_open_again)
    again = {slide.name: slide for slide in slides.show(store, meetings.meeting(store, "HY-9"), "zh").slides}
    overall = again["overview.headline"]
    assert overall.figures.items[0].value == "4/15"  # as it was shown
    assert overall.restated[0] == "措施销号 当时 4/15，现为 3/15（第 5 版更正了 1 行）"
    assert again["research.map"].restated == ()
    in_english = {slide.name: slide for slide in slides.show(store, meetings.meeting(store, "HY-9"), "en").slides}
    assert in_english["overview.headline"].restated[0].startswith("Measures closed 4/15 then, 3/15 now (1 row")


def test_the_later_pages_of_a_list_do_not_say_it_again(reopened):
    view = then(reopened)
    line = meetings.ScriptLine(("rectification.ledger",))
    one = replace(meetings.prepare(view, "HY-9", "第三次", THIRD), script=(line,))
    pages = slides.show(reopened, one, "zh").slides
    assert len(pages) > 1
    assert [bool(page.restated) for page in pages] == [True] + [False] * (len(pages) - 1)


def test_below_another_exhibit_a_headline_that_is_not_on_the_slide_is_not_restated(reopened):
    view = then(reopened)
    line = meetings.ScriptLine(("overview.headline", "rectification.by_type"))
    one = replace(meetings.prepare(view, "HY-9", "第三次", THIRD), script=(line,))
    assert any(
        found.was == exhibit("rectification.by_type", view).title
        for found in restated(reopened, "rectification.by_type", view)
    )
    (slide,) = slides.show(reopened, one, "zh").slides
    assert len(slide.restated) == 2
    assert "标题" not in slide.restated[1]


def test_a_compared_day_that_was_superseded_is_looked_at_anew(store, after):
    view = shown(store)
    after(third_undone)
    publish(store, SECOND, visit={"visit_id": "ZF-2", "status": "dropped"})
    now = in_force(store.standing(), view)
    assert (now.release.number, now.compared.number, now.as_of, now.compare_on) == (5, 5, THIRD, SECOND)
    (visits, *_) = restated(store, "research.to_visit", view)
    assert (visits.rows, visits.release) == (3, 5)  # ZF-2, and ZF-5 and ZF-6 of the week that was undone
    assert set(everything(store, view)) > {"overview.headline", "rectification.moves_closed", "meeting.changes"}


def test_a_view_without_comparison_stays_without_one(reopened):
    view = pinned(reopened, 3, THIRD)
    assert in_force(reopened.standing(), view).compared is None
    assert restated(reopened, "overview.headline", view)[0].now == "3/15"


def test_a_district_hears_of_its_own_corrections_only(store, after):
    east, west = (shown(store, district=code) for code in ("MCA-E", "MCA-W"))
    after(visit_not_made)
    assert restated(store, "research.to_visit", east)
    assert restated(store, "research.to_visit", west) == ()
    assert in_force(store.standing(), east).district == "MCA-E"


def test_a_district_that_is_gone_has_no_figures_any_more(store):
    publish(store, THIRD, district={"district_code": "MCA-N", "district_name": "北区"})
    view = shown(store, district="MCA-N")
    assert view.district == "MCA-N"
    store.take_back(4, releases.Note("测试", THIRD, "撤销", "Undone"))
    found = restated(store, "research.figures", view)
    assert [one.place for one in found] == [1, 2, 3, 4]
    assert {one.now for one in found} == {"—"}


def test_a_draft_is_never_restated(reopened):
    draft = replace(then(reopened), is_draft=True)
    assert restated(reopened, "overview.headline", draft) == ()


def test_the_cover_is_not_restated_for_the_name_of_its_release(store):
    view = shown(store)
    publish(store, THIRD, visit={"visit_id": "ZF-5", "visitor": "二科"})
    assert corrected_by(store.standing(), view) == 4
    assert restated(store, "meeting.cover", view) == ()


def test_what_is_no_exhibit_of_the_catalogue_is_not_restated(reopened):
    view = then(reopened)
    made = replace(exhibit("overview.headline", view), name="rectification.history")
    assert restatements.restatements(reopened.standing(), made, view) == ()


def test_words_beside_a_figure_are_compared_too(demo_store, tmp_path):
    """CS-001-1 was done in part and counts among the 13; it is not among the closed ones, so that number stands."""
    store = copy_of(demo_store, tmp_path / "store")
    view = shown(store)
    publish(store, view.as_of, action={"action_id": "CS-001-1", "status": "in_progress"})
    said = {one.label: (one.was, one.now) for one in restated(store, "overview.headline", view)}
    assert said == {"措施销号": ("58.8% · 含阶段性 13/22", "58.8% · 含阶段性 12/22")}
    assert [one.rows for one in restated(store, "overview.headline", view)] == [1]
