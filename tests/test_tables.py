"""What the declarations of tables promise, and what is refused when they break the promise."""

import pytest

from taizhang.declared import queries, tables
from taizhang.declared.headers import HeaderWrong, split
from taizhang.store import engine

ALL = tables.all_tables()
DECLARED = engine.describe([table.sql for table in ALL.values()])


@pytest.mark.parametrize("name", ALL)
def test_the_header_lists_the_columns_of_the_table_in_their_order(name):
    folder = "tables" if ALL[name].kind == "ledger" else "records"
    header, _ = split(tables.QUERIES / folder / f"{name}.sql")
    assert list(header["columns"]) == [column.name for column in DECLARED[name]]
    assert list(header["columns"]) == [column.name for column in ALL[name].columns]


@pytest.mark.parametrize("name", ALL)
def test_what_is_read_of_a_table_is_what_duckdb_makes_of_it(name):
    read = [(column.name, column.type, column.is_required) for column in ALL[name].columns]
    assert read == [(column.name, column.type, column.is_required) for column in DECLARED[name]]


def test_every_default_is_read_with_its_type():
    said = sum(line.count(" default ") for table in ALL.values() for line in table.sql.splitlines())
    read = [column for table in ALL.values() for column in table.columns if column.default is not None]
    assert len(read) == said > 30
    assert ALL["campaign"].column("due_soon_days").default == 7
    assert ALL["action"].column("is_demo").default is False
    assert ALL["visit"].column("status").default == "made"


@pytest.mark.parametrize("name", ALL)
def test_a_key_is_made_of_required_columns_and_everything_has_words_in_both_languages(name):
    table = ALL[name]
    assert table.key
    assert all(table.column(column).is_required for column in table.key)
    said = [table.title, table.grain, *(column.heading for column in table.columns)]
    said += [words for column in table.columns for words in (column.unit, column.note) if words]
    assert all(words.zh.strip() and words.en.strip() for words in said)


@pytest.mark.parametrize("name", tables.ledgers())
def test_no_two_columns_of_a_ledger_can_be_meant_by_one_heading(name):
    names = [{column.name, column.heading.zh, column.heading.en, *column.aliases} for column in ALL[name].columns]
    assert sum(map(len, names)) == len(set().union(*names))


def test_a_column_with_a_code_list_accepts_exactly_its_codes():
    for table in ALL.values():
        for column in table.columns:
            if column.codes and column.codes not in tables.OPEN_LISTS and table.kind == "ledger":
                codes = {one.code for one in tables.code_lists()[column.codes]}
                allowed = table.sql[table.sql.index(f"check ({column.name} in (") :].split("))")[0]
                assert set(allowed.split("'")[1::2]) == codes, f"{table.name}.{column.name}"


def test_nothing_on_a_code_list_can_mean_two_codes():
    for name, codes in tables.code_lists().items():
        written = [text for one in codes for text in {one.code, one.label.zh, one.label.en, *one.synonyms}]
        assert len(written) == len(set(written)), name
        assert all(one.label.zh and one.label.en for one in codes)


def test_every_table_comes_after_the_tables_it_refers_to():
    names = list(ALL)
    for place, table in enumerate(ALL.values()):
        assert table.references <= set(names[:place])


def test_a_table_that_refers_to_itself_says_by_which_column():
    assert {name: table.own_reference for name, table in ALL.items() if table.own_reference} == {
        "action": "merged_into_id",
        "issue": "merged_into_id",
        "suggestion": "merged_into_id",
    }


def test_a_key_of_several_columns_is_one_text():
    assert ALL["satisfaction"].key_of({"survey_id": "S-1", "grade": "very"}) == "S-1|very"


def test_a_code_has_a_label_and_what_is_no_code_has_none():
    assert (tables.label("status", "closed", "zh"), tables.label("status", "closed", "en")) == ("已销号", "Closed")
    with pytest.raises(KeyError, match="melted"):
        tables.label("status", "melted", "zh")


# --- wrong declarations are refused ----------------------------------------------------------------------------

HEADER = """/*
title = ["甲", "A"]
grain = ["一行一个", "one row each"]
key = ["{name}_id"]
[columns]
{name}_id = {{ heading = ["编号", "ID"] }}
{more}*/
create table {name} ({name}_id text primary key{reference})
"""


@pytest.fixture
def declare(tmp_path, monkeypatch):
    """Declares a table of its own under a scratch folder: `declare("a", reference=…, more=…)`."""
    (tmp_path / "tables").mkdir()
    monkeypatch.setattr(tables, "QUERIES", tmp_path)
    caches = (tables.all_tables, tables.code_lists)
    for one in caches:
        one.cache_clear()

    def write(name: str, reference: str = "", more: str = "") -> None:
        text = HEADER.format(name=name, reference=reference, more=more)
        (tmp_path / "tables" / f"{name}.sql").write_text(text, encoding="utf-8")

    yield write
    monkeypatch.undo()
    for one in caches:
        one.cache_clear()


OTHER = 'other_id = { heading = ["另", "Other"] }\n'


def test_tables_are_read_from_their_files_alone(declare):
    declare("a", ", other_id text references b (b_id)", OTHER)
    declare("b")
    assert list(tables.all_tables()) == ["b", "a"]


def test_tables_that_refer_to_each_other_in_a_circle_are_refused(declare):
    declare("a", ", other_id text references b (b_id)", OTHER)
    declare("b", ", other_id text references a (a_id)", OTHER)
    with pytest.raises(HeaderWrong, match=r"circle.*a.*b"):
        tables.all_tables()


@pytest.mark.parametrize(("reference", "more"), [("", OTHER), (", other_id text", "")])
def test_a_header_that_does_not_fit_its_table_is_refused(declare, reference, more):
    declare("a", reference, more)
    with pytest.raises(HeaderWrong, match=r"a\.sql"):
        tables.all_tables()


def test_a_code_list_declared_twice_is_refused(declare):
    codes = '[codes]\ncolour = [["red", "红", "Red"]]\n'
    declare("a", more=codes)
    assert list(tables.code_lists()) == ["colour", "term"]
    tables.code_lists.cache_clear()
    declare("b", more=codes)
    with pytest.raises(HeaderWrong, match=r"b\.sql.*colour"):
        tables.code_lists()


@pytest.mark.parametrize("text", ["create table a (a_id text)", "/* title = */ select 1", ""])
def test_a_file_without_a_header_that_can_be_read_is_refused(tmp_path, text):
    (tmp_path / "a.sql").write_text(text, encoding="utf-8")
    with pytest.raises(HeaderWrong, match=r"a\.sql"):
        split(tmp_path / "a.sql")


def test_terms_that_read_each_other_in_a_circle_are_refused(tmp_path, monkeypatch):
    (tmp_path / "terms").mkdir()
    for name, other in (("one_at", "other_at"), ("other_at", "one_at")):
        (tmp_path / "terms" / f"{name}.sql").write_text(
            '/*\ntitle = ["甲", "A"]\ngrain = ["甲", "A"]\n'
            f'reads = ["{other}"]\n[returns]\nn = ["数", "N"]\n*/\nselect 1',
            encoding="utf-8",
        )
    monkeypatch.setattr(queries, "QUERIES", tmp_path)
    queries.terms.cache_clear()
    with pytest.raises(HeaderWrong, match="circle"):
        queries.terms()
    queries.terms.cache_clear()
