"""Templates, data dictionary and Data Package say what the declarations say, and are never stale."""

import csv
import io
import json
import shutil
import warnings
from pathlib import Path

import pytest

from taizhang.declared import dictionary, tables, wording
from taizhang.rows import ledgers

ROOT = Path(__file__).resolve().parents[1]
STALE = "run `taizhang docs` and keep what it writes"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", tables.ledgers())
def test_a_template_is_a_file_of_its_ledger_without_rows(tmp_path, name, language):
    table = tables.ledgers()[name]
    path = tmp_path / f"{name}.csv"
    path.write_bytes(dictionary.template(table, wording.language(language)))
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")  # so that Excel reads Chinese
    (header,) = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    asked = [column for column in table.columns if column.name != "is_demo"]
    assert header == [column.heading[language] for column in asked]
    assert [table.column_called(heading) for heading in header] == asked
    assert ledgers.read(path, table).rows == ()


def test_the_page_in_the_repository_is_not_stale():
    assert (ROOT / dictionary.PAGE).read_text(encoding="utf-8") == dictionary.dictionary_page(), STALE


def test_the_page_names_every_table_column_and_code():
    page = dictionary.dictionary_page()
    for table in tables.all_tables().values():
        section = page[page.index(f'<a id="{table.name}"></a>') :]
        assert f"## {table.title.zh} · {table.title.en} (`{table.name}`)" in section
        for column in table.columns:
            assert f"| `{column.name}` | {column.heading.zh} | {column.heading.en} |" in section
            if column.codes:
                assert f'<a id="codes-{column.codes}"></a>' in page
                for one in tables.code_lists()[column.codes]:
                    assert f"| `{one.code}` | {one.label.zh} | {one.label.en} |" in page


def test_a_column_with_a_default_need_not_be_filled():
    page = dictionary.dictionary_page()
    action = page[page.index('<a id="action"></a>') :].split('<a id="')[1].splitlines()
    needed = {line.split("`")[1] for line in action if line.startswith("| `") and "| 必填 yes |" in line}
    assert needed == {"action_id", "content"}


# --- the Data Package ------------------------------------------------------------------------------------------


def shipped_files() -> list[str]:
    return [
        path.relative_to(ROOT).as_posix()
        for folder in dictionary.SHIPPED
        for path in sorted((ROOT / folder).glob("*.csv"))
    ]


def errors(folder: Path) -> list[tuple[str, str, int | None]]:
    """What Frictionless finds wrong in the package of a folder: (file, kind of error, line)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own deprecations are not ours
        import frictionless

        with frictionless.system.use_context(trusted=True):
            report = frictionless.validate(str(folder / dictionary.PACKAGE))
    found = [(task.place, one.type, getattr(one, "row_number", None)) for task in report.tasks for one in task.errors]
    return found + [("", one.type, None) for one in report.errors]


@pytest.fixture
def copy(tmp_path):
    """A copy of the shipped CSVs with their package."""
    for name in shipped_files():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / dictionary.PACKAGE).write_text(dictionary.package_text(tmp_path), encoding="utf-8")
    return tmp_path


def test_the_package_in_the_repository_is_not_stale():
    assert (ROOT / dictionary.PACKAGE).read_text(encoding="utf-8") == dictionary.package_text(ROOT), STALE


def test_the_package_lists_every_shipped_file_and_column():
    package = json.loads((ROOT / dictionary.PACKAGE).read_text(encoding="utf-8"))
    assert [resource["path"] for resource in package["resources"]] == shipped_files()
    for resource in package["resources"]:
        with (ROOT / resource["path"]).open(encoding="utf-8-sig", newline="") as file:
            assert [field["name"] for field in resource["schema"]["fields"]] == next(csv.reader(file))


def test_an_independent_judge_finds_the_shipped_files_valid(copy):
    assert errors(copy) == []


def spoil(path: Path, column: str, value: str) -> int:
    """Write a value into the last row of a column; returns the line."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    rows[-1][rows[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return len(rows)


FAULTS = [
    ("data/geo/town.csv", "town_kind", "hamlet"),  # not on the code list
    ("data/geo/town.csv", "district_code", "MCA999999"),  # refers to nobody
    ("data/geo/town.csv", "town_code", "44070"),  # neither letters nor as many figures as the country gives
    ("data/geo/town.csv", "town_name", ""),  # required
    ("data/geo/district.csv", "tile_row", "-1"),  # out of range
    ("data/geo/district.csv", "in_scope", "perhaps"),  # neither yes nor no
    ("data/article/fact.csv", "quote_zh", ""),
    ("data/article/figure.csv", "value", "many"),
    ("data/article/figure.csv", "fact_id", "N99"),
    ("data/article/source.csv", "sha256", "abc"),
]


@pytest.mark.parametrize(("name", "column", "value"), FAULTS)
def test_the_judge_finds_a_planted_fault(copy, name, column, value):
    spoil(copy / name, column, value)
    found = errors(copy)
    assert found
    assert {path for path, _, _ in found} == {name}


def test_the_judge_finds_a_key_that_is_there_twice(copy):
    with (copy / "data/geo/town.csv").open(encoding="utf-8-sig", newline="") as file:
        first = next(csv.DictReader(file))["town_code"]
    spoil(copy / "data/geo/town.csv", "town_code", first)
    assert any(kind in ("primary-key", "unique-error") for _, kind, _ in errors(copy))
