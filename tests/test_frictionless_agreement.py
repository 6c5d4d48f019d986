"""Our verdict on clean and faulty ledgers agrees with Frictionless, an independent judge of the same Data Package.

The package is made from the declarations; faults are planted for every column that a rule of the package concerns.
Both judges name (ledger, line, column); where they differ, the difference is listed below and justified.
"""

import csv
import io
import json
import warnings
from collections.abc import Iterable
from pathlib import Path

import pytest

from taizhang import uploads
from taizhang.declared import dictionary, tables
from taizhang.declared.values import to_text
from taizhang.rows.changes import Decisions
from taizhang.store import Store, drafts, engine, releases
from taizhang.store.releases import Note

FOLDER = dictionary.SHIPPED[0]

Cell = tuple[str, int, str]  # ledger, line, column
Ledgers = dict[str, list[dict[str, str]]]


# --- what both judge -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def clean(demo_store) -> Ledgers:
    """Every ledger of the demo with rows, as text: names and codes, as the package has them.

    Which rows are made up is left out (a file cannot say it), and line breaks are (Frictionless counts rows, we lines).
    """
    rows = demo_store.live().rows()
    return {
        name: [
            {
                column.name: " ".join((to_text(row[column.name]) or "").split())
                for column in table.columns
                if column.name != "is_demo"
            }
            for row in rows[name].values()
        ]
        for name, table in tables.ledgers().items()
        if rows[name]
    }


@pytest.fixture(scope="module")
def schema(clean, tmp_path_factory) -> dict[str, dict]:
    """Ledger → its schema in the Data Package."""
    package = written(clean, tmp_path_factory.mktemp("schema"))
    return {Path(one["path"]).stem: one["schema"] for one in package["resources"]}


def written(ledgers: Ledgers, root: Path) -> dict:
    """Write the ledgers as CSV and their package under `root`; the package."""
    (root / FOLDER).mkdir(parents=True)
    for name, rows in ledgers.items():
        (root / FOLDER / f"{name}.csv").write_bytes(as_csv(rows))
    package = dictionary.datapackage(root)
    (root / dictionary.PACKAGE).write_text(json.dumps(package, ensure_ascii=False), encoding="utf-8")
    return package


def as_csv(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def theirs(root: Path) -> set[Cell]:
    """The cells that Frictionless objects to."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own deprecations are not ours
        import frictionless

        with frictionless.system.use_context(trusted=True):
            report = frictionless.validate(str(root / dictionary.PACKAGE))
    assert report.errors == []
    return {
        (Path(task.place).stem, one.row_number, field)
        for task in report.tasks
        for one in task.errors
        for field in fields_of(one)
    }


def fields_of(error) -> Iterable[str]:
    """A rule on one cell names its field; a key names its columns in the note, if at all."""
    if hasattr(error, "field_name"):
        return [error.field_name]
    return getattr(error, "field_names", None) or [""]


def ours(ledgers: Ledgers, store: Store) -> set[Cell]:
    """The cells that an upload of all the ledgers into an empty store objects to."""
    store.folder.mkdir()
    checked = uploads.check(store, [(f"{name}.csv", as_csv(rows)) for name, rows in ledgers.items()])
    problems = list(checked.errors)
    if not problems:
        note = Note("判官", releases.dt.date(2019, 11, 30), "比较", "Compared", "first")
        try:
            drafts.discard(uploads.draft(store, checked.files, note, Decisions(), None))
        except drafts.DraftRefused as refused:
            problems = list(refused.problems)
    return {(one.table, one.line, one.column) for one in problems}


# --- the faults ------------------------------------------------------------------------------------------------


def referred(ledgers: Ledgers) -> set[tuple[str, str, str]]:
    """(ledger, column, value) that some row refers to: a fault there would be a fault of that row too."""
    found = set()
    for name, table in tables.ledgers().items():
        for rule in engine.constraints([one.sql for one in tables.ledgers().values()]):
            if rule.table == table.name and rule.kind == "FOREIGN KEY":
                for column, key in zip(rule.columns, rule.referred_columns, strict=True):
                    found |= {(rule.referred_table, key, row[column]) for row in ledgers.get(name, ())}
    return found


def fields(schema: dict[str, dict]) -> Iterable[tuple[str, dict, dict]]:
    for name, one in schema.items():
        for field in one["fields"]:
            yield name, field, field.get("constraints", {})


def bad_dates(schema, ledgers) -> dict:
    return {(name, field["name"]): "2019-13-45" for name, field, _ in fields(schema) if field["type"] == "date"}


def bad_numbers(schema, ledgers) -> dict:
    kinds = ("integer", "number")
    return {(name, field["name"]): "不少" for name, field, _ in fields(schema) if field["type"] in kinds}


def bad_yes_no(schema, ledgers) -> dict:
    return {(name, field["name"]): "也许" for name, field, _ in fields(schema) if field["type"] == "boolean"}


def unknown_codes(schema, ledgers) -> dict:
    return {(name, field["name"]): "弄完了" for name, field, rules in fields(schema) if "enum" in rules}


def missing_required(schema, ledgers) -> dict:
    return {
        (name, field["name"]): ""
        for name, field, rules in fields(schema)
        if rules.get("required") and field["name"] not in schema[name]["primaryKey"]
    }


def missing_keys(schema, ledgers) -> dict:
    return {(name, key): "" for name, one in schema.items() for key in one["primaryKey"]}


def keys_without_a_letter(schema, ledgers) -> dict:
    return {
        (name, field["name"]): "2019" for name, field, rules in fields(schema) if rules.get("pattern") == ".*[A-Za-z].*"
    }


def duplicate_keys(schema, ledgers) -> dict:
    return {
        (name, one["primaryKey"][0]): {key: ledgers[name][0][key] for key in one["primaryKey"]}
        for name, one in schema.items()
        if len(ledgers[name]) > 1
    }


def broken_references(schema, ledgers) -> dict:
    return {(name, column): "X-0" for name, column in references(schema) if column not in PLACES}


def unknown_places(schema, ledgers) -> dict:
    return {(name, column): "X-0" for name, column in references(schema) if column in PLACES}


PLACES = ("district_code",)  # looked up while cells are read, since people write names there: an earlier step


def references(schema) -> list[tuple[str, str]]:
    return [(name, key["fields"][0]) for name, one in schema.items() for key in one.get("foreignKeys", ())]


def negative_numbers(schema, ledgers) -> dict:
    return {(name, field["name"]): "-7" for name, field, rules in fields(schema) if rules.get("minimum", -9) >= 0}


FAULTS = (
    bad_dates,
    bad_numbers,
    bad_yes_no,
    unknown_codes,
    missing_required,
    missing_keys,
    keys_without_a_letter,
    duplicate_keys,
    broken_references,
    unknown_places,
    negative_numbers,
)


def plant(ledgers: Ledgers, schema: dict[str, dict], faults: dict) -> tuple[Ledgers, set[Cell]]:
    """The ledgers with one fault for each (ledger, column), each in a line of its own as far as there are lines."""
    faulty = {name: [dict(row) for row in rows] for name, rows in ledgers.items()}
    held, planted, used = referred(ledgers), set(), set()
    for (name, column), fault in faults.items():
        free = [
            place
            for place, row in enumerate(faulty[name])
            if (place > 0 or not isinstance(fault, dict))
            and (column not in schema[name]["primaryKey"] or (name, column, row[column]) not in held)
        ]
        place = next((place for place in reversed(free) if (name, place) not in used), None)
        if place is None:
            continue
        used.add((name, place))
        faulty[name][place].update(fault if isinstance(fault, dict) else {column: fault})
        planted.add((name, place + 2, column))  # the headings are line 1
    return faulty, planted


# --- where the judges agree ------------------------------------------------------------------------------------

# A planted fault breaks a rule between columns too. A Data Package cannot say such rules: only we name these columns.
ONLY_OURS = {
    ("action", "return_reason"): "a measure sent back at all needs a reason",
    ("action", "reopen_reason"): "a measure reopened at all needs a reason and the day it was first closed",
    ("satisfaction", "votes"): "the votes of a survey have to fit its forms",
}


def lines(cells: set[Cell]) -> set[tuple[str, int]]:
    return {(name, line) for name, line, _ in cells}


def judged(ledgers: Ledgers, folder: Path) -> tuple[set[Cell], set[Cell]]:
    """What they object to, what we object to."""
    written(ledgers, folder / "package")
    return theirs(folder / "package"), ours(ledgers, Store(folder / "store"))


def test_both_find_nothing_in_clean_ledgers(clean, tmp_path):
    assert judged(clean, tmp_path) == (set(), set())


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_both_find_every_planted_fault_and_nothing_else(clean, schema, tmp_path, fault):
    faulty, planted = plant(clean, schema, fault(schema, clean))
    assert len(planted) > 2
    found, known = judged(faulty, tmp_path)
    assert planted <= known
    assert lines(planted) == lines(found)
    assert {(name, column) for name, _, column in known - planted} <= ONLY_OURS.keys()
    assert {column for _, _, column in found - planted} <= {""}  # they name a double key by its line only


# --- where they differ, and why --------------------------------------------------------------------------------

# People write these every week, and each means one thing only; a Data Package knows one way to write a value.
WE_READ = {
    ("action", "status"): "未启动",  # a label for its code
    ("issue", "nature"): "Work",  # the same in the other language
    ("action", "started_on"): "2019年9月11日",
    ("event", "started_on"): "2019/9/11",
    ("visit", "visited_on"): "43719",  # Excel's number for 2019-09-11
    ("action", "percent"): "８５％",
    ("event", "attendance"): "1,234",
    ("visit", "suggestion_count"): "3条",  # with the unit of its column
    ("suggestion", "is_satisfied"): "√",
    ("visit", "district_code"): "江海区",  # by name; the name is that of one district only
}


def test_what_people_write_is_read_by_us_and_not_by_them(clean, schema, tmp_path):
    messy, planted = plant(clean, schema, WE_READ)
    assert len(planted) == len(WE_READ)
    found, known = judged(messy, tmp_path)
    assert (known, found) == (set(), planted)


# Rules between columns, tables and days: stated in `create table` and `queries/checks`, where a package has no words.
WE_REFUSE = {
    "closed without a verifier": ("action", "closed", "verified_by", ""),
    "done before it was closed": ("action", "closed", "closed_on", "2019-01-01"),
    "staged without a standing mechanism": ("action", "staged_ongoing", "standing_rule", ""),
    "done on a day that is still to come": ("action", "closed", "closed_on", "2031-01-01"),
}


@pytest.mark.parametrize("name", WE_REFUSE)
def test_rules_between_columns_and_days_are_ours_alone(clean, tmp_path, name):
    table, status, column, value = WE_REFUSE[name]
    place = next(place for place, row in enumerate(clean[table]) if row["status"] == status)
    faulty = {**clean, table: [dict(row) for row in clean[table]]}
    faulty[table][place][column] = value
    found, known = judged(faulty, tmp_path)
    assert found == set()
    assert lines(known) == {(table, place + 2)}
