"""The commands that change the data: what they print, what they leave behind, and that nothing fails half-way."""

import csv
import datetime as dt
import io
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from bad_inputs import xlsx
from msoffcrypto.format.ooxml import OOXMLFile

from taizhang import cli, uploads
from taizhang.declared import tables
from taizhang.rows import ledgers
from taizhang.showing import export, upkeep
from taizhang.store import Draft, Note, Release, Store, engine

ROOT = Path(__file__).resolve().parents[1]
WEEK_1, WEEK_2, WEEK_3 = dt.date(2019, 9, 13), dt.date(2019, 9, 20), dt.date(2019, 9, 27)
CAMPAIGN = "campaign_id,campaign_name,org_name,started_on\nHD,主题教育,某部,2019-09-01\n"
SAID = ("--note", "每周更新", "--by", "甲单位")


@pytest.fixture
def tz(capfd, monkeypatch, store):
    """`tz("check", path)` runs the command line on the store and gives its exit code, output and errors."""
    monkeypatch.delenv("TAIZHANG_LANG", raising=False)
    monkeypatch.setenv("TAIZHANG_STORE", str(store))

    def run(*args: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            cli.main([str(arg) for arg in args])
        return left.value.code, *capfd.readouterr()

    return run


@pytest.fixture
def store(tmp_path, two_weeks):
    """A store of the test's own; see `two_weeks`."""
    shutil.copytree(two_weeks.folder, tmp_path / "store")
    return Store(tmp_path / "store")


@pytest.fixture(scope="session")
def two_weeks(tmp_path_factory):
    """A campaign and two measures, one of them closed by a verifier in the second week."""
    root, parent = tmp_path_factory.mktemp("weeks"), None
    store = Store(root / "store")
    texts = [
        {
            "campaign": CAMPAIGN,
            "action": "action_id,content,rect_type,status,due_on\n"
            "CS-1,修路,限期整改,整改中,2019-10-25\nCS-2,修桥,限期整改,整改中,\n",
        },
        {
            "action": "action_id,status,result_note,done_on,verified_by,closed_on\n"
            "CS-2,已销号,修好了,2019-09-18,专班,2019-09-19\n"
        },
    ]
    for as_of, files in zip((WEEK_1, WEEK_2), texts, strict=True):
        read = []
        for name, text in files.items():
            (root / f"{name}.csv").write_text(text, encoding="utf-8")
            read.append(ledgers.read(root / f"{name}.csv", tables.ledgers()[name]))
        note = Note("甲单位", as_of, "每周更新", "Weekly update", "upload" if parent else "first")
        parent = store.publish(read, note, parent).number
    return store


@pytest.fixture
def file(tmp_path):
    """`file("a.csv", "编号,状态\\n…")` writes a file as an office would, in GB18030."""

    def write(name: str, text: str) -> Path:
        (tmp_path / name).write_bytes(text.encode("gb18030"))
        return tmp_path / name

    return write


def bytes_of(store: Store) -> dict[str, bytes]:
    """What a reader could see: LIVE and every release."""
    return {
        path.name: path.read_bytes() for path in (store.folder / "LIVE", *sorted((store.folder / "releases").iterdir()))
    }


def action(store: Store, key: str) -> dict:
    return store.live().rows()["action"][key]


# --- check -----------------------------------------------------------------------------------------------------

FAULTY = "措施编号,整改状态,完成时限\nCS-1,弄完了,2019-10-25\nCS-3,弄完了,昨天\n"


def test_check_says_every_problem_once_for_each_repair(tz, store, file):
    before = bytes_of(store)
    code, out, err = tz("check", file("坏.csv", FAULTY))
    assert (code, err) == (1, "")
    assert "[错误 × 2]" in out
    assert "弄完了 ×2" in out
    assert "2, 3" in out
    assert "“昨天”不是日期" in out
    assert "GB18030" in out
    assert "有 3 处错误" in out
    assert bytes_of(store) == before
    english = tz("check", file("坏.csv", FAULTY), "--lang", "en")[1]
    assert "“昨天” is not a date" in english
    assert "Errors: 3." in english


def test_check_as_json_has_every_problem_with_its_sentence(tz, store, file):
    code, out, _ = tz("check", file("坏.csv", FAULTY), "--json", "--lang", "en")
    told = json.loads(out)
    assert (code, told["ok"]) == (1, False)
    assert [(one["line"], one["column"], one["rule"]) for one in told["problems"]] == [
        (2, "status", "unknown_code"),
        (3, "status", "unknown_code"),
        (3, "due_on", "bad_date"),
    ]
    assert all(one["sentence"].endswith(".") for one in told["problems"])
    assert told["parts"][0]["columns"] == {"措施编号": "action_id", "整改状态": "status", "完成时限": "due_on"}
    assert (told["parts"][0]["encoding"], told["parts"][0]["rows"]) == ("GB18030", 2)


def test_check_finds_what_only_the_rules_of_the_tables_know(tz, store, file):
    code, out, _ = tz("check", file("a.csv", "措施编号,问题编号,整改措施\nCS-3,WT-9,种树\nCS-4,,\n"))
    assert code == 1
    assert "WT-9" in out
    assert "[错误 × 1]" in out
    assert not list((store.folder / "drafts").glob("*/*"))


def test_check_without_errors_says_what_would_change_and_leaves_nothing(tz, store, file):
    before = bytes_of(store)
    path = file("a.csv", "措施编号,整改状态,整改措施\nCS-1,未启动,\nCS-3,未启动,种树\n")
    code, out, _ = tz("check", path, "--lang", "en")
    assert code == 0
    assert "new 1, moved back 1, not in the file, kept 1" in out
    assert "moved back CS-1: Status: In progress → Not started" in out
    assert "No errors" in out
    assert bytes_of(store) == before
    assert not list((store.folder / "drafts").glob("*/*"))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["empty.csv", "picture.csv", "open.csv", "bomb.xlsx", "folder", "none.csv"])
@pytest.mark.parametrize("command", ["check", "publish"])
def test_a_file_that_cannot_be_read_is_one_sentence(tz, store, tmp_path, command, name, language):
    contents = {"empty.csv": b"", "picture.csv": b"\x89PNG\r\n\x1a\n0", "open.csv": b'a,b\n"c,d\n'}
    contents["bomb.xlsx"] = b"PK\x03\x04"
    if name in contents:
        (tmp_path / name).write_bytes(contents[name])
    elif name == "folder":
        (tmp_path / name).mkdir()
    more = (*SAID, "--as-of", "2019-09-27") if command == "publish" else ()
    before = bytes_of(store)
    code, out, err = tz(command, tmp_path / name, *more, "--lang", language)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert name in err
    assert bytes_of(store) == before


def test_a_file_over_the_limit_is_not_even_opened(tz, tmp_path, monkeypatch):
    path = tmp_path / "large.csv"
    with path.open("wb") as large:
        large.truncate(uploads.LIMITS.file_bytes + 1)  # a hole: takes no room
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("opened") if self == path else read(self))
    code, _, err = tz("check", path)
    assert (code, err.count("\n"), "large.csv" in err) == (1, 1, True)


def test_no_store_is_made_by_the_way(tz, tmp_path, file):
    code, _, err = tz("check", file("a.csv", FAULTY), "--store", tmp_path / "none")
    assert (code, err.count("\n"), (tmp_path / "none").exists()) == (1, 1, False)


def test_the_first_release_of_an_empty_store(tz, tmp_path, file):
    new = Store(tmp_path / "new")
    assert tz("init", "--empty", "--store", new)[0] == 0
    path = file("a.csv", "措施编号,整改措施\nCS-1,修路\n")  # not even a campaign is there yet
    assert tz("check", path, "--store", new)[0] == 0
    code, out, _ = tz("publish", path, *SAID, "--as-of", "2019-09-13", "--store", new)
    assert (code, new.live().kind, len(new.live().rows()["action"])) == (0, "first", 1)
    assert "已发布第 1 版" in out


# --- publish ---------------------------------------------------------------------------------------------------

WEEK = "措施编号,整改状态,完成时限\nCS-1,未启动,2019-09-25\n"


def test_publish_changes_the_live_release_and_says_the_conclusions(tz, store, file):
    code, out, err = tz("publish", file("周报.csv", WEEK), *SAID, "--as-of", "2019-09-27", "--lang", "en")
    assert (code, err) == (0, "")
    live = store.live()
    assert (live.number, live.as_of, live.kind) == (3, WEEK_3, "upload")
    assert (live.published_by, live.note_zh) == ("甲单位", "每周更新")
    assert (action(store, "CS-1")["status"], action(store, "CS-1")["due_on"]) == ("not_started", dt.date(2019, 9, 25))
    assert "Published release 3" in out
    assert "修路 (CS-1): In progress → Not started" in out
    assert "Newly overdue: 修路 (CS-1), due 2019-09-25" in out
    (received,) = [row for row in engine.rows_of(live.on_disk, "received") if row["release"] == 3]
    assert (received["file_name"], received["encoding"]) == ("周报.csv", "GB18030")
    assert (store.folder / "received" / received["sha256"]).read_bytes() == WEEK.encode("gb18030")


def test_the_same_file_again_says_so_and_makes_no_release(tz, store, file):
    path = file("周报.csv", WEEK)
    assert tz("publish", path, *SAID, "--as-of", "2019-09-27")[0] == 0
    code, out, _ = tz("publish", path, *SAID, "--as-of", "2019-09-27")
    assert (code, store.live_number()) == (0, 3)
    assert "第 3 版已导入" in out
    told = json.loads(tz("publish", path, *SAID, "--as-of", "2019-09-27", "--json")[1])
    assert (told["already"], told["release"]) == (3, None)
    assert "第 3 版已导入" in tz("check", path)[1]
    assert tz("publish", path, *SAID, "--as-of", "2019-10-04")[0] == 0  # nothing changed by a later day: that is news
    assert store.live().as_of == dt.date(2019, 10, 4)


def test_publish_with_errors_writes_nothing(tz, store, file):
    before = bytes_of(store)
    good, bad = file("a.csv", WEEK), file("b.csv", "问题编号,问题\nWT-1,\n")
    for args in ((file("坏.csv", FAULTY),), (good, bad)):
        code, out, _ = tz("publish", *args, *SAID, "--as-of", "2019-09-27")
        assert code == 1
        assert "什么也没有写入" in out
    assert bytes_of(store) == before
    assert not list((store.folder / "drafts").glob("*/*"))


def test_several_files_are_one_release(tz, store, file):
    paths = [file("a.csv", WEEK + "CS-3,未启动,\n"), file("b.csv", "问题编号,问题\nWT-1,路不平\n")]
    code, out, _ = tz("publish", *paths, *SAID, "--as-of", "2019-09-27", "--json")
    assert code == 1  # CS-3 lacks its content, so the issue is not loaded either
    assert "WT-1" not in store.live().rows()["issue"]
    paths[0] = file("a.csv", "措施编号,问题编号,整改措施\nCS-3,WT-1,铺路\n")
    code, out, _ = tz("publish", *paths, *SAID, "--as-of", "2019-09-27", "--json")
    told = json.loads(out)
    assert (code, told["release"], set(told["tables"])) == (0, 3, {"action", "issue"})
    assert action(store, "CS-3")["issue_id"] == "WT-1"


def test_a_dry_run_says_everything_and_writes_nothing(tz, store, file):
    before = bytes_of(store)
    code, out, _ = tz("publish", file("a.csv", WEEK), *SAID, "--as-of", "2019-09-27", "--dry-run", "--json")
    told = json.loads(out)
    assert (code, told["ok"], told["dry_run"], told["release"]) == (0, True, True, None)
    assert told["conclusions"]["statuses"] == [
        {
            "table": "action",
            "key": "CS-1",
            "title": "修路",
            "before": "in_progress",
            "after": "not_started",
            "is_new": False,
            "is_gone": False,
        }
    ]
    (row,) = told["tables"]["action"]["rows"]["moved_back"]
    assert row["cells"][0] == {"column": "due_on", "old": "2019-10-25", "new": "2019-09-25"}
    assert bytes_of(store) == before
    assert not list((store.folder / "drafts").glob("*/*"))
    assert "试运行" in tz("publish", file("a.csv", WEEK), *SAID, "--as-of", "2019-09-27", "--dry-run")[1]


def test_a_missing_row_leaves_only_when_told_with_a_reason(tz, store, file):
    path = file("a.csv", "措施编号,整改措施\nCS-2,修桥\n")
    assert tz("publish", path, *SAID, "--as-of", "2019-09-27", "--missing", "remove")[0] == 1
    assert "CS-1" in store.live().rows()["action"]
    code, out, _ = tz("publish", path, *SAID, "--as-of", "2019-09-27", "--missing", "remove", "--reason", "并入 CS-2")
    assert (code, set(store.live().rows()["action"])) == (0, {"CS-2"})
    assert "删除 CS-1" in out
    assert "并入 CS-2" in tz("history", "action", "CS-1")[1]


def test_a_row_closed_by_a_verifier_is_overwritten_only_when_confirmed(tz, store, file):
    path = file("a.csv", "措施编号,整改状态\nCS-2,整改中\n")
    code, out, _ = tz("publish", path, *SAID, "--as-of", "2019-09-27")
    assert (code, action(store, "CS-2")["status"]) == (0, "closed")
    assert "保持不变：CS-2" in out
    code, _, err = tz("publish", path, *SAID, "--as-of", "2019-09-27", "--confirm", "CS-1")
    assert (code, "CS-1" in err, "CS-2" in err) == (1, True, True)
    code, _, _ = tz("publish", path, *SAID, "--as-of", "2019-09-27", "--confirm", "CS-2")
    assert (code, action(store, "CS-2")["status"]) == (0, "in_progress")


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("--as-of", "2019-09-27", "--by", "甲"), 2),
        (("--as-of", "2019-09-27", "--note", "一"), 2),
        (SAID, 2),
        ((*SAID, "--as-of", "昨天"), 1),
        ((*SAID, "--as-of", "2019-09-27", "--missing", "maybe"), 2),
        (("--note", " ", "--by", "甲", "--as-of", "2019-09-27"), 1),
    ],
)
def test_publish_needs_a_day_a_note_and_a_name(tz, store, file, args, code):
    before = bytes_of(store)
    left, out, err = tz("publish", file("a.csv", WEEK), *args)
    assert (left, bytes_of(store)) == (code, before)
    assert err.count("\n") == 1 or "什么也没有写入" in out


def test_somebody_who_published_meanwhile_is_not_overwritten(tz, store, file, monkeypatch):
    first, publish_draft = file("a.csv", WEEK), Store.publish_draft
    other = file("b.csv", "措施编号,进度%\nCS-1,50\n")

    def late(at: Store, draft: Draft) -> Release:
        monkeypatch.setattr(Store, "publish_draft", publish_draft)
        told = subprocess.run(
            command("publish", other, *SAID, "--as-of", "2019-09-27", "--store", at),
            capture_output=True,
            env=environment(),
            check=True,
        )
        assert told.returncode == 0
        return publish_draft(at, draft)

    monkeypatch.setattr(Store, "publish_draft", late)
    code, _, err = tz("publish", first, *SAID, "--as-of", "2019-09-27")
    assert (code, err.count("\n"), "第 3 版" in err) == (1, 1, True)
    assert (store.live_number(), action(store, "CS-1")["percent"]) == (3, 50)
    assert not list((store.folder / "drafts").glob("*/*"))


def command(*args: object) -> list[str]:
    return [sys.executable, "-c", "from taizhang import cli; cli.main()", *map(str, args)]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def test_all_of_it_works_while_the_board_is_open(tz, store, file, tmp_path):
    """Another process keeps the live release open, as the board does, and sees the new one when it looks again."""
    board = (
        "import sys, time; from pathlib import Path; from taizhang.store import Store\n"
        "store, stop = Store(Path(sys.argv[1])), Path(sys.argv[2])\n"
        "while not stop.exists():\n"
        "    print(store.live().number, len(store.live().ask('actions', "
        "as_of=store.live().as_of).rows), flush=True)\n"
        "    time.sleep(0.1)\n"
    )
    reader = subprocess.Popen(
        [sys.executable, "-c", board, str(store), str(tmp_path / "stop")],
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert reader.stdout.readline().split() == ["2", "2"]
        assert tz("publish", file("a.csv", "措施编号,整改措施\nCS-3,种树\n"), *SAID, "--as-of", "2019-09-27")[0] == 0
        assert tz("undo", 3, *SAID)[0] == 0
        seen, deadline = [], time.monotonic() + 30
        while ["4", "2"] not in seen and time.monotonic() < deadline:
            seen.append(reader.stdout.readline().split())
        assert ["4", "2"] in seen
    finally:
        (tmp_path / "stop").touch()
        reader.communicate(timeout=30)
    assert (reader.returncode, upkeep.verify(store)) == (0, [])


# --- diff, undo, history ---------------------------------------------------------------------------------------


def test_diff_says_how_two_releases_differ_either_way(tz):
    code, out, _ = tz("diff", 1, 2, "--lang", "en")
    assert code == 0
    assert "Status: In progress → Closed" in out
    assert "reopened" in tz("diff", 2, 1, "--lang", "en")[1]
    assert "相同" in tz("diff", 1, 1)[1]
    told = json.loads(tz("diff", 1, 2, "--json")[1])["tables"]["action"]
    assert told["counts"]["changed"] == 1
    assert {"column": "verified_by", "old": None, "new": "专班"} in told["rows"]["changed"][0]["cells"]
    assert tz("diff", 1, 9)[0] == 1


def test_undo_takes_a_release_back_and_the_history_tells(tz, store):
    before = store.release(1).rows()
    code, out, _ = tz("undo", 2, "--note", "填错了", "--by", "乙单位")
    live = store.live()
    assert (code, live.number, live.kind, live.as_of, live.note_zh) == (0, 3, "undo", WEEK_1, "填错了")
    assert live.rows() == before
    assert "已撤销" in out
    code, out, _ = tz("history", "action", "CS-2")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()[2:]] == ["1", *"2" * 5, *"3" * 5]
    told = json.loads(tz("history", "action", "CS-2", "--json")[1])
    assert told["changes"][-1]["published_by"] == "乙单位"


def test_undo_of_a_middle_release_lists_what_was_changed_again(tz, store, file):
    assert tz("publish", file("a.csv", WEEK), *SAID, "--as-of", "2019-09-27")[0] == 0
    assert tz("publish", file("b.csv", "措施编号,完成时限\nCS-1,2019-11-30\n"), *SAID, "--as-of", "2019-10-04")[0] == 0
    before = bytes_of(store)
    code, out, err = tz("undo", 3, *SAID)
    assert (code, err.count("\n"), bytes_of(store)) == (1, 1, before)
    assert [line.split() for line in out.splitlines()][1:] == [
        ["整改措施台账", "CS-1", "完成时限", "2019-11-30", "2019-10-25"]
    ]
    code, out, _ = tz("undo", 3, *SAID, "--keep-later")
    assert (code, action(store, "CS-1")["due_on"], action(store, "CS-1")["status"]) == (
        0,
        dt.date(2019, 11, 30),
        "in_progress",
    )
    assert store.live().as_of == dt.date(2019, 10, 4)
    code, _, _ = tz("undo", 4, *SAID, "--take-back")
    assert (code, action(store, "CS-1")["due_on"]) == (0, dt.date(2019, 10, 25)), "3 is taken back already"
    assert store.live().as_of == dt.date(2019, 9, 20)


def test_undo_that_would_break_a_rule_writes_nothing(tz, store, file):
    assert tz("publish", file("a.csv", "问题编号,问题\nWT-1,路不平\n"), *SAID, "--as-of", "2019-09-27")[0] == 0
    assert tz("publish", file("b.csv", "措施编号,问题编号\nCS-1,WT-1\n"), *SAID, "--as-of", "2019-09-27")[0] == 0
    before = bytes_of(store)
    code, out, _ = tz("undo", 3, *SAID)
    assert (code, bytes_of(store)) == (1, before)
    assert "什么也没有写入" in out


@pytest.mark.parametrize("args", [("undo", 9, *SAID), ("history", "action", "CS-9"), ("history", "acton", "CS-1")])
def test_what_is_not_there_is_one_sentence(tz, args):
    code, out, err = tz(*args)
    assert (code, out, err.count("\n")) == (1, "", 1)


# --- export ----------------------------------------------------------------------------------------------------


def test_export_of_a_ledger_goes_to_the_screen_or_a_file(tz, store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = export.csv_of(store.live(), "action", "zh")
    code, out, err = tz("export", "action")
    assert (code, err) == (0, "")
    assert list(csv.reader(io.StringIO(out))) == list(csv.reader(io.StringIO(made.decode())))
    assert tz("export", "action", "-o", "a.csv")[0] == 0
    assert Path("a.csv").read_bytes() == made
    assert tz("export", "action", "--release", 1, "--lang", "en", "-o", "old.csv")[0] == 0
    assert Path("old.csv").read_bytes() == export.csv_of(store.release(1), "action", "en")
    assert tz("check", "a.csv")[1].count("相同 2") == 1


def test_export_of_everything_loads_again_without_a_change(tz, store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert tz("export", "--all")[0] == 0
    assert [path.name for path in sorted(Path("taizhang-0002").iterdir())] == ["action.csv", "campaign.csv"]
    assert tz("export", "--all", "--format", "xlsx", "-o", "all.xlsx")[0] == 0
    assert tz("export", "action", "--format", "xlsx")[0] == 0
    for name in ("all.xlsx", "action-0002.xlsx"):
        code, out, _ = tz("check", name, "--json")
        assert (code, json.loads(out)["tables"]["action"]["counts"]["same"]) == (0, 2)


@pytest.mark.parametrize("args", [(), ("action", "--all"), ("acton",), ("action", "--release", 9)])
def test_an_export_asked_wrongly_is_one_sentence(tz, args):
    code, out, err = tz("export", *args)
    assert (code, out, err.count("\n")) == (1, "", 1)


# --- repairs said in the command -------------------------------------------------------------------------------


def test_headings_and_words_are_read_as_the_command_says(tz, store, tmp_path):
    path = tmp_path / "周报.csv"
    path.write_text("措施编号,具体做法,办结情况,备注\nCS-8,修渠,搞定了,x\n", encoding="utf-8")
    code, said, _ = tz("check", path)
    assert (code, "具体做法" in said) == (1, True)
    repairs = (
        "--map",
        "具体做法=content",
        "--map",
        "办结情况=status",
        "--map",
        "备注=-",
        "--read",
        "status:搞定了=整改中",
    )
    code, said, _ = tz("publish", path, "--as-of", WEEK_3, *SAID, *repairs)
    assert code == 0, said
    row = store.live().rows()["action"]["CS-8"]
    assert (row["content"], row["status"]) == ("修渠", "in_progress")


def test_lines_are_left_out_split_and_numbered_as_the_command_says(tz, store, tmp_path):
    path = tmp_path / "周报.csv"
    path.write_text(
        "整改措施,责任单位,完成时限,整改状态\n修路,一科,2019-12-01,整改中\n（1）修渠；（2）修塘,二科,2019-12-01,整改中\n"
        "不算的一行,三科,2019-12-01,整改中\n",
        encoding="utf-8",
    )
    assert tz("check", path)[0] == 1
    code, said, _ = tz("publish", path, "--as-of", WEEK_3, *SAID, "--number", "--split", "3", "--leave-out", "周报:4")
    assert code == 0, said
    rows = {key: row["content"] for key, row in store.live().rows()["action"].items()}
    assert rows == {"CS-1": "修路", "CS-2": "修桥", "CS-3": "修渠", "CS-4": "修塘"}


@pytest.mark.parametrize(
    "wrong",
    [
        ("--map", "备注"),
        ("--map", "备注=没有的列"),
        ("--read", "status"),
        ("--leave-out", "x"),
        ("--split", "别的表:2"),
    ],
)
def test_a_repair_that_says_nothing_is_refused_in_one_sentence(tz, tmp_path, wrong):
    path = tmp_path / "周报.csv"
    path.write_text("措施编号,整改措施\nCS-8,修渠\n", encoding="utf-8")
    code, _, said = tz("check", path, *wrong)
    assert code == 1
    assert wrong[1].partition("=")[0] in said


def test_the_password_of_a_workbook_is_asked_for_and_never_written_in_the_command(tz, tmp_path, monkeypatch):
    path, out = tmp_path / "台账.xlsx", io.BytesIO()
    OOXMLFile(io.BytesIO(xlsx((("措施编号", "整改措施"), ("CS-8", "修渠"))))).encrypt("整改2019", out)
    path.write_bytes(out.getvalue())
    assert "--password" in tz("check", path)[2]
    for typed, code in (("错", 1), ("整改2019", 0)):
        monkeypatch.setattr("click.prompt", lambda *_, typed=typed, **__: typed)
        assert tz("check", "--password", path)[0] == code
