"""One act on many measures: what it may touch, what it sets, that it goes the way of any file, and comes back."""

import datetime as dt
import shutil

import pytest
from test_pages import ROOT, open_page, text_of
from test_upload_page import preview

from taizhang import cli, uploads
from taizhang.rows.ledgers import LedgerFile, Row
from taizhang.store import Note, Store
from taizhang.ui.handed_in import Upload
from taizhang.uploads import at_once
from taizhang.uploads.at_once import Said, Wanted

SAID = ("--note", "集中办理", "--by", "甲单位")
LATER, VERIFIED = dt.date(2020, 3, 31), dt.date(2019, 10, 10)
ACTS = {
    "accept": ("pending_verification", ("--verified-by", "整改专班", "--on", VERIFIED)),
    "send_back": ("pending_verification", ("--reason", "材料不全")),
    "redate": ("in_progress", ("--on", LATER, "--reason", "需再调研")),
    "hand_over": ("in_progress", ("--to-unit", "新设科室")),
}
SET = {
    "accept": {"status": "closed", "verified_by": "整改专班", "closed_on": VERIFIED},
    "send_back": {"status": "in_progress", "done_on": None, "applied_on": None, "return_reason": "材料不全"},
    "redate": {"due_on": LATER},
    "hand_over": {"resp_unit": "新设科室"},
}


@pytest.fixture
def store(tiny_store, tmp_path) -> Store:
    """The tiny data, in a copy that may be published into."""
    shutil.copytree(tiny_store.folder, tmp_path / "store")
    return Store(tmp_path / "store")


@pytest.fixture
def tz(capfd, monkeypatch, store):
    """`tz("act", …)` runs the command line on the store and gives its exit code, output and errors."""
    monkeypatch.setenv("TAIZHANG_STORE", str(store))

    def run(*args: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            cli.main([str(arg) for arg in args])
        return left.value.code, *capfd.readouterr()

    return run


@pytest.mark.parametrize("act", ACTS)
def test_every_act_sets_what_it_says_and_nothing_else(tz, store, act):
    status, said = ACTS[act]
    before = store.live().rows()
    code, out, err = tz("act", act, "--status", status, *said, "--leave-out", *SAID, "--yes")
    assert (code, err) == (0, "")
    live = store.live()
    touched = [key for key, row in live.rows()["action"].items() if row != before["action"][key]]
    assert touched
    for key in touched:
        assert before["action"][key] | SET[act] | _counted(act, before["action"][key]) == live.rows()["action"][key]
        assert key in out


def test_an_act_is_only_shown_until_somebody_says_yes_and_is_taken_back_whole(tz, store):
    """One that writes two ledgers."""
    status, said = ACTS["redate"]
    before, number = store.live().rows(), store.live_number()
    command = ("act", "redate", "--status", status, *said, "--leave-out", *SAID)
    assert tz(*command)[0] == 0
    assert store.live_number() == number
    assert tz(*command, "--yes")[0] == 0
    assert store.live().rows() != before
    assert tz("undo", store.live_number(), *SAID)[0] == 0
    assert store.live().rows() == before


def _counted(act: str, row: dict) -> dict:
    return {"return_count": row["return_count"] + 1} if act == "send_back" else {}


def test_a_new_due_date_brings_its_extension(tz, store):
    before = store.live().rows()
    status, said = ACTS["redate"]
    assert tz("act", "redate", "--status", status, *said, "--leave-out", *SAID, "--yes")[0] == 0
    rows = store.live().rows()
    fresh = [row for key, row in rows["extension"].items() if key not in before["extension"]]
    moved = {key for key, row in rows["action"].items() if row["due_on"] != before["action"][key]["due_on"]}
    assert {row["action_id"] for row in fresh} == moved
    for row in fresh:
        assert (row["new_due_on"], row["reason"], row["decision"]) == (LATER, "需再调研", "approved")
        assert row["old_due_on"] == before["action"][row["action_id"]]["due_on"]


@pytest.mark.parametrize(
    ("act", "status", "said", "code"),
    [
        ("accept", "in_progress", Said("甲", VERIFIED), "not_applied"),
        ("accept", "pending_verification", Said("甲", dt.date(2019, 9, 1)), "before_done"),
        ("accept", "pending_verification", Said("甲", dt.date(2030, 1, 1)), "not_yet"),
        ("accept", "pending_verification", Said("  ", VERIFIED), "no_by"),
        ("accept", "pending_verification", Said("甲"), "no_day"),
        ("send_back", "closed", Said(reason="材料不全"), "not_applied"),
        ("send_back", "pending_verification", Said(reason="无"), "no_reason"),
        ("redate", "closed", Said(day=LATER, reason="需再调研"), "not_open"),
        ("redate", "in_progress", Said(day=dt.date(2019, 9, 1), reason="需再调研"), "not_later"),
        ("redate", "in_progress", Said(day=LATER, reason="需再调研"), "no_due_on"),
        ("hand_over", "closed", Said("甲"), "not_open"),
        ("hand_over", "in_progress", Said(), "no_by"),
    ],
)
def test_what_a_rule_refuses_is_said_before_there_is_a_file(store, act, status, said, code):
    live = store.live()
    keys = [row["action_id"] for row in at_once.listed(live, Wanted(status=status))]
    made = at_once.make(act, live, keys, said)
    assert made.files == ()
    assert code in {one.code for one in made.refused}


def test_the_unit_that_has_a_measure_is_not_handed_it(store):
    live = store.live()
    row = next(row for row in live.rows()["action"].values() if row["status"] == "in_progress")
    (refused,) = at_once.make("hand_over", live, [row["action_id"]], Said(row["resp_unit"])).refused
    assert (refused.key, refused.code) == (row["action_id"], "same_unit")


def test_every_file_that_is_made_is_read_without_a_question(store):
    live = store.live()
    said = Said("整改专班", LATER, '=原因,"待定"')
    for act in ("send_back", "redate", "hand_over"):
        keys = [row["action_id"] for row in at_once.listed(live, Wanted())]
        made = at_once.make(act, live, keys, said, is_leaving_out=True)
        checked = uploads.check(store, made.files)
        assert (checked.problems, checked.parent) == ((), made.release)
        assert {key for reading in checked.readings for key in _keys(reading)} == set(made.keys)


def _keys(reading) -> list[str]:
    return [row.cells["action_id"] for row in reading.rows]


def test_a_list_is_filtered_by_all_that_is_asked(store):
    live = store.live()
    rows = live.ask("actions", as_of=live.as_of).records()
    one = next(row for row in rows if row["due_on"])
    wanted = Wanted(one["unit"], one["status"], one["light"], one["due_on"], one["due_on"], one["content"][:6])
    assert one in at_once.listed(live, wanted)
    for other in (
        Wanted(unit="没有"),
        Wanted(status="没有"),
        Wanted(light="没有"),
        Wanted(due_from=LATER),
        Wanted(due_to=dt.date(2018, 1, 1)),
        Wanted(text="没有这句话"),
    ):
        assert at_once.listed(live, other) == []


def test_what_somebody_published_since_the_list_is_not_overwritten(tz, store, monkeypatch):
    listed = at_once.listed
    key = next(key for key, row in store.live().rows()["action"].items() if row["status"] == "pending_verification")

    def meanwhile(release, wanted):
        rows = listed(release, wanted)
        cells = {"action_id": key, "progress_note": "补充了材料"}
        data = "\n".join(",".join(line) for line in (cells, cells.values())).encode()
        file = LedgerFile("action", "周报.csv", data, "UTF-8", (Row(2, cells),))
        store.publish([file], Note("乙", release.as_of, "周报", "Weekly"), release.number)
        return rows

    monkeypatch.setattr(at_once, "listed", meanwhile)
    number = store.live_number()
    status, said = ACTS["accept"]
    code, _, err = tz("act", "accept", "--status", status, *said, *SAID, "--yes")
    assert (code, store.live_number()) == (1, number + 1)
    assert str(number + 1) in err
    assert store.live().rows()["action"][key]["status"] == "pending_verification"


def test_a_measure_that_is_not_listed_is_named(tz):
    code, _, err = tz("act", "hand_over", "--key", "CS-NONE", "--to-unit", "甲", *SAID)
    assert code == 1
    assert "CS-NONE" in err


@pytest.mark.parametrize("act", ACTS)
def test_the_page_leads_an_act_to_its_preview(store, monkeypatch, act):
    app = open_page("rectification", store, monkeypatch)
    status, _ = ACTS[act]
    app.selectbox("many_status").set_value(status)
    app.selectbox("many_what").set_value(act)
    app.checkbox("many_leave_out").check()
    app.run()
    if act in ("accept", "hand_over"):
        app.text_input(f"many_by_{act}").set_value("整改专班")
    if act in ("accept", "redate"):
        app.date_input(f"many_day_{act}").set_value(VERIFIED if act == "accept" else LATER)
    if act in ("send_back", "redate"):
        app.text_input(f"many_reason_{act}").set_value("材料不全")
    app.button("many_go").click().run()
    assert not app.exception
    handed_in = app.session_state["_upload"]
    assert handed_in.listed_in == store.live_number()
    assert handed_in.files[0][0] == f"{act}.csv"
    if act != "redate":  # of its two files; from here on each goes the way of any file
        return
    number = store.live_number()
    app.switch_page(str(ROOT / "pages" / "upload.py")).run()
    preview(app)
    app.button(key="upload_publish").click().run()
    assert not app.exception
    assert store.live_number() == number + 1
    before = store.release(number).rows()["action"]
    assert any(row != before[key] for key, row in store.live().rows()["action"].items())


def test_a_list_that_somebody_published_after_is_put_away_and_said(store, monkeypatch):
    app = open_page("upload", store, monkeypatch)
    live = store.live()
    keys = [row["action_id"] for row in at_once.listed(live, Wanted(status="in_progress"))]
    made = at_once.make("hand_over", live, keys, Said("新设科室"), is_leaving_out=True)
    app.session_state["_upload"] = Upload(made.files, made.files, listed_in=live.number - 1)
    app.run()
    assert "请再选一次" in text_of(app)
    assert "_upload" not in app.session_state


def test_the_page_says_what_is_refused_and_hands_in_nothing(store, monkeypatch):
    app = open_page("rectification", store, monkeypatch)
    app.selectbox("many_status").set_value("closed")
    app.text_input("many_by_accept").set_value("整改专班")
    app.date_input("many_day_accept").set_value(VERIFIED)
    app.button("many_go").click().run()
    assert "没有申请销号" in text_of(app)
    assert "_upload" not in app.session_state
