"""The command line: what each command prints, and that nothing that goes wrong ends in a traceback."""

import csv
import datetime as dt
import hashlib
import importlib
import io
import json
import os
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from ready_made import copy_of

from taizhang import cli, server
from taizhang.cli import campaigns, terminal
from taizhang.declared import dictionary, queries, tables, wording
from taizhang.declared.headers import HeaderWrong
from taizhang.declared.queries import Query, Returned
from taizhang.rows import ledgers
from taizhang.rows.ledgers import RowsRefused
from taizhang.showing import upkeep
from taizhang.store import Store, disk, engine, publishing, releases, taking_back
from taizhang.uploads import shipped

WEEK_1, WEEK_2 = dt.date(2019, 9, 13), dt.date(2019, 9, 20)


@pytest.fixture
def tz(capfd, monkeypatch):
    """`tz("ask", "actions")` runs the command line and gives its exit code, output and errors."""
    monkeypatch.delenv("TAIZHANG_STORE", raising=False)
    monkeypatch.delenv("TAIZHANG_LANG", raising=False)

    def run(*args: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            cli.main([str(arg) for arg in args])
        return left.value.code, *capfd.readouterr()

    return run


@pytest.fixture
def store(tmp_path, two_releases):
    """A store of the test's own; see `two_releases`."""
    shutil.copytree(two_releases.folder, tmp_path / "store")
    return Store(tmp_path / "store")


@pytest.fixture(scope="session")
def two_releases(tmp_path_factory):
    """Two releases: one measure as it is, then a second, made-up one; a meeting in between."""
    root = tmp_path_factory.mktemp("two")
    store = Store(root / "store")
    texts = [
        {
            "meeting": "meeting_id,title,held_on,as_of_on\nHY-1,推进会,2019-09-16,2019-09-15\n",
            "action": "action_id,content,rect_type,status\nCS-1,修路,限期整改,整改中\n",
        },
        {"action": "action_id,content,percent,is_demo\nCS-2,示例措施,50,是\n"},
    ]
    parent = None
    for as_of, files in zip((WEEK_1, WEEK_2), texts, strict=True):
        read = []
        for table, text in files.items():
            (root / f"{table}.csv").write_text(text, encoding="utf-8")
            read.append(ledgers.read(root / f"{table}.csv", tables.ledgers()[table]))
        note = releases.Note("甲单位", as_of, "每周更新", "Weekly update", kind="upload" if parent else "first")
        parent = store.publish(read, note, parent).number
    return store


@pytest.fixture
def question(monkeypatch):
    """A question about the measures, with every kind of parameter and column."""
    words = tables.words(["措施", "Measures"])
    one = Query(
        name="measures",
        kind="answers",
        title=words,
        grain=words,
        notes=None,
        reads=("action",),
        params=dict.fromkeys(("as_of", "compare_on", "unit", "content", "release"), words),
        returns=(
            Returned("action_id", tables.words(["编号", "ID"]), None),
            Returned("status", tables.words(["状态", "Status"]), "status"),
            Returned("as_of_on", tables.words(["截至", "As of"]), None),
            Returned("share", tables.words(["比例", "Share"]), None),
            Returned("is_demo", tables.words(["示例", "Demo"]), None),
        ),
        rows_of=None,
        behind=None,
        severity=None,
        nothing_without=None,
        definitions={},
        sql="select action_id, status, $as_of::date as as_of_on, 0.1234567890123456::decimal(18, 16) as share, is_demo "
        "from action where content = $content and ($unit::text is null or resp_unit = $unit) "
        "and $release >= 0 and ($compare_on::date is null or $compare_on < $as_of) order by action_id",
    )
    monkeypatch.setattr(queries, "answers", lambda: {"measures": one})
    return one


# --- words -----------------------------------------------------------------------------------------------------


def test_every_command_and_option_has_help_in_the_readers_language(tz):
    for name in ("", *cli.cli.list_commands()):
        for language, word in (("zh", "数据目录"), ("en", "data folder")):
            code, out, err = tz(*name.split(), "--lang", language, "--help")
            assert (code, err) == (0, "")
            assert word in out
    assert "--help" in tz()[1]


def test_every_module_has_the_commands_that_are_looked_for_in_it():
    for module, names in cli.COMMANDS_OF.items():
        made = importlib.import_module(f"taizhang.cli.{module}").COMMANDS
        assert [one.__name__.rstrip("_") for one in made] == list(names)
    modules = {
        path.stem for path in Path(cli.__file__).parent.glob("*.py") if "\nCOMMANDS = " in path.read_text("utf-8")
    }
    assert modules == set(cli.COMMANDS_OF) >= set(cli.OF_ALL)


def test_a_command_brings_nothing_that_only_others_need(tiny_store, tmp_path):
    """What makes papers, and accounts of people, take longer to load than a small question takes to answer."""
    week = tmp_path / "周报.csv"
    week.write_text("措施编号,进度%\nCS-003,41\n", encoding="utf-8")
    own = copy_of(tiny_store, tmp_path / "store")
    told = ["--as-of", f"{own.live().as_of}", "--note", "一周", "--by", "测试", "--store", f"{own}"]
    code = "import sys; from taizhang.cli import main\ntry: main()\nfinally: print(*sys.modules)"
    command = [sys.executable, "-c", code, "publish", f"{week}", *told]
    said = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert "已发布" in said.stdout, said.stdout + said.stderr
    loaded = set(said.stdout.splitlines()[-1].split())
    assert "taizhang.cli.publishing" in loaded
    others = {"taizhang.cli.letters", "taizhang.cli.people", "xlsxwriter", "typst", "streamlit", "plotly"}
    assert loaded & others == set()


def test_the_language_is_the_one_asked_for_else_that_of_the_environment_else_chinese(tz, tmp_path, monkeypatch):
    asked = {(): "还没有数据", ("--lang", "en"): "no data", ("--lang=en",): "no data", ("--lang", "zh"): "还没有数据"}
    for args, word in asked.items():
        assert word in tz("releases", "--store", tmp_path / "none", *args)[2]
    monkeypatch.setenv("TAIZHANG_LANG", "en")
    assert "no data" in tz("releases", "--store", tmp_path / "none")[2]
    assert "还没有数据" in tz("--lang", "zh", "releases", "--store", tmp_path / "none")[2]


def test_the_store_is_the_one_asked_for_else_that_of_the_environment(tz, store, tmp_path, monkeypatch):
    monkeypatch.setenv("TAIZHANG_STORE", str(store))
    assert tz("verify")[0] == 0
    assert tz("verify", "--store", tmp_path / "none")[0] == 1
    assert tz("--store", tmp_path / "none", "verify")[0] == 1


# --- making and opening a store --------------------------------------------------------------------------------


def test_init_makes_each_kind_once_and_never_again_beside_what_is_there(tz, tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(shipped, "weeks", lambda: [])  # of the demo the first release is enough
    for args, name in ((("--article",), "article"), ((), "demo")):
        new = Store(tmp_path / "new" / "campaigns" / name)
        code, out, _ = tz("init", *args, "--store", tmp_path / "new")
        assert (code, new.numbers()) == (0, [1])
        assert str(tmp_path / "new") in out
        made.append(hashlib.sha256(disk.path_of(new.folder, 1).read_bytes()).hexdigest())
        code, out, err = tz("init", *args, "--store", tmp_path / "new")
        assert (code, out, err.count("\n")) == (1, "", 1)
        assert hashlib.sha256(disk.path_of(new.folder, 1).read_bytes()).hexdigest() == made[-1]
    assert tz("init", "--empty", "--store", tmp_path / "new")[0] == 1


@pytest.fixture
def started(monkeypatch):
    """What `run` would make and open: the calls of shipped.init and server.serve."""
    calls = []
    monkeypatch.setattr(shipped, "init", lambda store, kind, progress: calls.append((kind, store)))
    monkeypatch.setattr(server, "serve", lambda folder, opening: calls.append(("serve", folder, opening.port)) or 0)
    return calls


def test_run_makes_the_demo_when_there_is_no_store_and_says_so(tz, started, tmp_path):
    code, out, _ = tz("run", "--port", 8600, "--store", tmp_path / "new")
    demo = Store(tmp_path / "new" / "campaigns" / "demo")
    assert (code, started) == (0, [("demo", demo), ("serve", tmp_path / "new", 8600)])
    assert "示例" in out


def test_run_opens_a_store_that_is_there_even_an_empty_one(tz, started, store, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    for one in (store, empty):
        assert tz("run", "--store", one)[0] == 0
    assert started == [("serve", store.folder, 8501), ("serve", empty, 8501)]


def test_run_leaves_with_the_exit_code_of_the_server(tz, started, store, monkeypatch):
    monkeypatch.setattr(server, "serve", lambda folder, opening: 1)
    assert tz("run", "--store", store)[0] == 1


# --- ledgers ---------------------------------------------------------------------------------------------------


def test_tables_lists_every_ledger_with_its_rows(tz, store):
    lines = {line.split()[0]: line for line in tz("tables", "--store", store)[1].splitlines()}
    assert set(tables.ledgers()) <= set(lines)
    assert lines["action"].split() == ["action", "整改措施台账", "action_id", "2"]
    assert tz("tables", "--store", store.folder.parent / "none")[0] == 0


def test_a_template_goes_to_the_screen_or_to_a_file(tz, tmp_path):
    made = dictionary.template(tables.ledgers()["visit"], wording.language("en"))
    code, out, _ = tz("template", "visit", "--lang", "en")
    assert (code, out.encode()) == (0, made.replace(b"\r\n", os.linesep.encode()) if os.name == "nt" else made)
    assert tz("template", "visit", "--lang", "en", "-o", tmp_path / "visit.csv")[0] == 0
    assert (tmp_path / "visit.csv").read_bytes() == made


def test_a_table_that_is_not_there_is_answered_with_the_nearest_one(tz):
    code, out, err = tz("template", "acton", "--lang", "en")
    assert (code, out) == (1, "")
    assert "did you mean action" in err


# --- asking ----------------------------------------------------------------------------------------------------


def test_ask_without_a_name_lists_the_questions(tz, question, store):
    assert "measures  措施" in tz("ask", "--store", store)[1]


def test_json_has_the_question_the_release_and_exact_rows(tz, question, store):
    code, out, err = tz("ask", "measures", "-p", "content=示例措施", "--format", "json", "--store", store)
    assert (code, err) == (0, "")
    assert json.loads(out, parse_float=Decimal) == {
        "query": "measures",
        "title": "措施",
        "release": 2,
        "as_of": "2019-09-20",
        "params": {
            "as_of": "2019-09-20",
            "compare_on": "2019-09-15",
            "unit": None,
            "content": "示例措施",
            "release": 2,
        },
        "is_demo": True,
        "columns": ["action_id", "status", "as_of_on", "share", "is_demo"],
        "rows": [
            {
                "action_id": "CS-2",
                "status": None,
                "as_of_on": "2019-09-20",
                "share": Decimal("0.1234567890123456"),
                "is_demo": True,
            }
        ],
    }


def test_csv_is_pure_and_the_demo_mark_goes_to_standard_error(tz, question, store):
    code, out, err = tz("ask", "measures", "-p", "content=示例措施", "--format", "csv", "--store", store)
    assert (code, err.strip()) == (0, "示例数据")
    assert list(csv.reader(io.StringIO(out))) == [
        ["action_id", "status", "as_of_on", "share", "is_demo"],
        ["CS-2", "", "2019-09-20", "0.1234567890123456", "true"],
    ]


def test_a_table_has_headings_and_labels_and_the_demo_mark(tz, question, store):
    code, out, _ = tz("ask", "measures", "-p", "content=示例措施", "--lang", "en", "--store", store)
    assert code == 0
    assert out.splitlines()[:2] == ["Measures · release 2 · data as of 2019-09-20", "Demo data"]
    assert out.splitlines()[2].split() == ["ID", "Status", "As", "of", "Share", "Demo"]
    assert out.splitlines()[3].split()[-1] == "Yes"
    _, real, _ = tz("ask", "measures", "-p", "content=修路", "--release", "1", "--store", store)
    assert "示例数据" not in real
    assert "整改中" in real


def test_the_as_of_date_chooses_the_release_unless_one_is_named(tz, question, store):
    def asked(*args: str) -> tuple:
        told = json.loads(tz("ask", "measures", "-p", "content=修路", "--format", "json", "--store", store, *args)[1])
        return told["release"], told["as_of"], told["params"]["compare_on"]

    assert asked() == (2, "2019-09-20", "2019-09-15")
    assert asked("-p", "as_of=2019-09-14") == (1, "2019-09-14", "2019-09-13")
    assert asked("-p", "as_of=2019-09-14", "--release", "2") == (2, "2019-09-14", "2019-09-13")
    assert asked("-p", "as_of=", "--release", "1") == (1, "2019-09-13", None)
    assert asked("-p", "compare_on=2019-09-01")[2] == "2019-09-01"


@pytest.mark.parametrize(
    ("args", "code", "word"),
    [
        (["measure"], 1, "did you mean measures"),
        (["measures"], 1, "content"),  # a parameter that has no usual value
        (["measures", "-p", "content"], 1, "name=value"),
        (["measures", "-p", "colour=red"], 1, "colour"),
        (["measures", "-p", "as_of=yesterday"], 1, "yesterday"),
        (["measures", "-p", "release=one"], 1, "whole numbers"),
        (["measures", "-p", "content=x", "--release", "9"], 1, "there are 1, 2"),
        (["measures", "--format", "xml"], 2, "--help"),
        (["measures", "-p", "content=x", "--release", "one"], 2, "--help"),
    ],
)
def test_a_question_asked_wrongly_is_answered_with_one_sentence(tz, question, store, args, code, word):
    left, out, err = tz("ask", *args, "--lang", "en", "--store", store)
    assert (left, out, err.count("\n")) == (code, "", 1)
    assert word in err


def test_a_query_that_does_not_run_is_one_sentence(tz, question, store, monkeypatch):
    broken = Query(**{**vars(question), "sql": "select nothing from nowhere", "params": {}})
    monkeypatch.setattr(queries, "answers", lambda: {"measures": broken})
    left, out, err = tz("ask", "measures", "--store", store)
    assert (left, out, err.count("\n")) == (1, "", 1)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("123456789012345678.1234"), "123456789012345678.1234"),
        (Decimal("1E+3"), "1000"),
        (0.1, "0.1"),
        (float("nan"), "null"),
        (float("inf"), "null"),
        (None, "null"),
        (True, "true"),
        (7, "7"),
        (dt.date(2019, 9, 13), '"2019-09-13"'),
        (dt.datetime(2019, 9, 13, 8), '"2019-09-13T08:00:00"'),
        ('引号"', '"引号\\""'),
        ([1, None], "[1, null]"),
        ({"a": [dt.date(2019, 9, 13)]}, '{"a": ["2019-09-13"]}'),
    ],
)
def test_every_value_is_written_as_json_exactly(value, text):
    assert terminal.as_json(value) == text
    json.loads(text)


# --- releases --------------------------------------------------------------------------------------------------


def test_releases_lists_all_of_them(tz, store):
    out = tz("releases", "--store", store, "--lang", "en")[1]
    assert [line.split()[0] for line in out.splitlines()[1:]] == ["1", "2"]
    assert out.count("Weekly update") == 2


def test_show_names_the_note_the_files_and_the_changes(tz, store):
    (file,) = [row for row in engine.rows_of(disk.path_of(store.folder, 2), "received") if row["release"] == 2]
    code, out, _ = tz("show", 2, "--store", store)
    assert code == 0
    for said in ("第 2 版", "每周更新", "示例数据", "2019-09-20", "甲单位", "action.csv", file["sha256"], "新增 · 1"):
        assert said in out
    assert "示例数据" not in tz("show", 1, "--store", store)[1]


def test_demo_tells_and_removes(tz, store):
    assert "整改措施台账 1" in tz("demo", "--store", store)[1]
    assert store.numbers() == [1, 2]
    assert tz("demo", "--remove", "--by", "乙单位", "--store", store)[0] == 0
    assert (store.live().published_by, store.live().demo_tables) == ("乙单位", frozenset())
    assert tz("demo", "--remove", "--store", store)[0] == 0
    assert store.numbers() == [1, 2, 3]  # nothing to remove: no release for nothing


def test_verify_says_one_sentence_for_every_damaged_release(tz, store):
    assert tz("verify", "--store", store)[0] == 0
    for number in (1, 2):
        engine.forget(disk.path_of(store.folder, number))
    disk.path_of(store.folder, 1).unlink()
    disk.path_of(store.folder, 2).write_bytes(b"damage")
    code, out, _ = tz("verify", "--store", store)
    assert (code, len(out.splitlines())) == (1, 2)
    assert "第 1 版" in out.splitlines()[0]
    assert "第 2 版" in out.splitlines()[1]


@pytest.mark.parametrize("what", ["missing", "no_checksum", "checksum", "unreadable", "structure"])
def test_every_kind_of_damage_has_its_sentence(what):
    for language in ("zh", "en"):
        assert "x.duckdb" in wording.language(language)(f"damage.{what}", release=1, path="x.duckdb")


# --- whatever goes wrong ---------------------------------------------------------------------------------------

KNOWN = [
    engine.QuestionFailed("no"),
    RowsRefused("no"),
    engine.Unreadable("no"),
    releases.NoRelease("no"),
    publishing.SomeonePublished(1, 2),
    taking_back.UndoConflict([("action", "CS-1", "content")]),
    OSError("no"),
    ledgers.FileRefused("a.csv", (ledgers.CellProblem(2, "状态", "x", "no"),)),
    HeaderWrong("no"),
]


@pytest.mark.parametrize("error", KNOWN, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_known_error_is_one_sentence(tz, store, monkeypatch, error, language):
    def fail(store: Store) -> None:
        raise error

    monkeypatch.setattr(upkeep, "verify", fail)
    code, out, err = tz("verify", "--store", store, "--lang", language)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert not (store.folder / "last-error.txt").exists()


def test_an_unknown_error_is_one_sentence_and_its_traceback_a_file(tz, store, monkeypatch):
    def fail(store: Store) -> None:
        raise ZeroDivisionError("nobody thought of this")

    monkeypatch.setattr(upkeep, "verify", fail)
    code, out, err = tz("verify", "--store", store)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert str(store.folder / "last-error.txt") in err
    told = (store.folder / "last-error.txt").read_text(encoding="utf-8")
    assert "Traceback" in told
    assert "nobody thought of this" in told


def test_an_error_before_there_is_a_store_does_not_make_one(tz, tmp_path, monkeypatch):
    monkeypatch.setattr(cli.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(Store, "live_number", lambda store: 1 / 0)
    code, _, err = tz("verify", "--store", tmp_path / "none")
    assert (code, (tmp_path / "none").exists()) == (1, False)
    assert "taizhang-last-error.txt" in err


@pytest.mark.parametrize("args", [["frobnicate"], ["show"], ["show", "x"], ["init", "--what"], ["run", "--port", "0"]])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_command_written_wrongly_is_one_sentence_and_exit_code_2(tz, args, language):
    code, out, err = tz("--lang", language, *args)
    assert (code, out, err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize(
    "args",
    [
        *(["ask", name, "-p", f"as_of={day}"] for name in ("kpis", "attention") for day in (dt.date.min, dt.date.max)),
        *([name, "9" * 20, *more] for name, more in {"show": (), "undo": ("--by", "甲", "--note", "错")}.items()),
        ["ask", "received_files", "-p", f"release={'9' * 20}"],
        *([*name, "名" * 300] for name in (["export"], ["history", "action"], ["passport"], ["releases", "--store"])),
    ],
)
def test_a_day_a_number_or_a_name_beyond_all_measure_is_foreseen(tz, two_releases, args):
    code, out, err = tz("--store", two_releases.folder, *args)
    assert (code, bool(out), err.count("\n")) in ((0, True, 0), (1, False, 1))
    assert "last-error" not in err


def test_a_handout_looks_no_further_ahead_of_the_data_than_the_pages_do(tz, two_releases, tmp_path):
    furthest, path = WEEK_2 + dt.timedelta(days=366), tmp_path / "t.xlsx"
    asked = ["handout", "ledger", "--store", two_releases.folder, "-o", path, "--as-of"]
    said = f"数据只到 {WEEK_2}，9999-12-31 超出太远：请用 --as-of 指定不晚于 {furthest} 的日期。\n"
    assert (tz(*asked, dt.date.max), path.exists()) == ((1, "", said), False)
    assert (tz(*asked, furthest)[0], path.exists()) == (0, True)


def test_no_traceback_leaves_a_process_and_a_closed_pipe_is_no_error(store):
    command = [sys.executable, "-c", "from taizhang import cli; cli.main()"]
    environment = {**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[2]), "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [*command, "releases", "--store", str(store)], capture_output=True, text=True, encoding="utf-8", env=environment
    )
    assert (done.returncode, done.stderr) == (0, "")  # whatever the terminal's encoding
    assert "每周更新" in done.stdout
    reader, writer = os.pipe()
    os.close(reader)
    closed = subprocess.run(
        [*command, "releases", "--store", str(store)], stdout=writer, stderr=subprocess.PIPE, text=True, env=environment
    )
    os.close(writer)
    assert closed.stderr == ""


def test_docs_writes_both_documents(tz, tmp_path, monkeypatch):
    monkeypatch.setattr(campaigns, "ROOT", tmp_path)
    assert tz("docs")[0] == 0
    assert (tmp_path / dictionary.PAGE).read_text(encoding="utf-8") == dictionary.dictionary_page()
    assert json.loads((tmp_path / dictionary.PACKAGE).read_text(encoding="utf-8")) == dictionary.datapackage(tmp_path)
