"""The commands that ask: questions, tables, releases."""

import csv
import datetime as dt
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence

import click

from taizhang.cli.terminal import Stop, as_json, near, print_table, release_asked, standing_of
from taizhang.declared import queries, tables
from taizhang.declared.values import from_text, to_text
from taizhang.declared.wording import Language
from taizhang.showing import meetings
from taizhang.store import Answer, Release, Store


def tables_(store: Store, t: Language) -> None:
    counts = store.live().count_rows() if store.live_number() else {}
    print_table(
        [t("heading.name"), t("heading.title"), t("heading.key"), t("heading.rows")],
        [
            [table.name, t.of(table.title), ", ".join(table.key), str(counts.get(table.name, 0))]
            for table in sorted(tables.ledgers().values(), key=lambda table: table.name)
        ],
    )


@click.argument("name", required=False)
@click.option("-p", "--param", multiple=True, metavar="NAME=VALUE")
@click.option("--release", type=int)
@click.option("--format", type=click.Choice(("table", "csv", "json")), default="table", show_default=True)
def ask(store: Store, t: Language, name: str | None, param: tuple[str, ...], release: int | None, format: str) -> None:
    if name is None:
        print_table(
            [t("heading.name"), t("heading.title"), t("heading.params")],
            [[one.name, t.of(one.title), ", ".join(one.params)] for one in queries.answers().values()],
        )
        return
    if name not in queries.answers():
        raise Stop("error.no_question", name=name, near=near(name, queries.answers(), t))
    query = queries.answers()[name]
    given = _given(query, param)
    asked = _asked(store, release, given.get("as_of"))
    answer = asked.ask(name, **_filled(query, given, asked))
    {"table": _show_answer, "csv": _write_answer, "json": _write_answer_as_json}[format](answer, t)


def releases_(store: Store, t: Language) -> None:
    newest = release_asked(store, None)
    _print_records("release", newest.notes(), t, without=("parent", "undoes"))


@click.argument("number", type=int)
def show(store: Store, t: Language, number: int) -> None:
    one = release_asked(store, number)
    kind = t.label("release_kind", one.kind)
    click.echo(
        t(
            "say.note",
            release=one.number,
            kind=kind,
            as_of=one.as_of,
            published_at=one.published_at,
            by=one.published_by,
        )
    )
    click.echo(one.note_zh if t.code == "zh" else one.note_en)
    sealed = meetings.sealed_by(store, number)
    for said in (meetings.superseded(sealed, t), meetings.supersedes(sealed, t)) if sealed else ():
        if said:
            click.echo(said)
    if one.demo_tables:
        click.echo(t("say.demo_mark"))
    click.echo()
    received = one.records("received", release=number)
    if received:
        _print_records("received", received, t, without=("release",))
    else:
        click.echo(t("say.no_files"))
    click.echo()
    changes = one.records("change", release=number)
    counts = Counter((row["table_name"], row["kind"]) for row in changes)
    if not counts:
        click.echo(t("say.no_changes"))
    for (table, what), count in sorted(counts.items()):
        said = t.of(tables.ledgers()[table].title) if table in tables.ledgers() else table
        click.echo(f"{said} ({table}) · {tables.label('change_kind', what, t.code)} · {count}")


def _asked(store: Store, number: int | None, as_of: object) -> Release:
    """The release to ask: the one named, else what was known on the as-of date, else the live one."""
    if number is not None or as_of is None:
        return release_asked(store, number)
    return standing_of(store).at(as_of)


def _given(query: queries.Query, params: Iterable[str]) -> dict[str, object]:
    """The parameters as typed values. An empty value is null."""
    given = {}
    for text in params:
        name, equals, value = text.partition("=")
        if not equals:
            raise Stop("error.not_a_param", text=text)
        if name not in query.params:
            raise Stop("error.wrong_params", name=query.name, unknown=name, params=", ".join(query.params) or "—")
        try:
            given[name] = from_text(_kind(name), value) if value else None
        except ValueError as error:
            raise Stop("error.wrong_value", name=name, value=value) from error
    return given


def _kind(param: str) -> str:
    """The DuckDB type of a parameter, which its name tells: as_of and …_on are dates, release is a number."""
    if param == "as_of" or param.endswith("_on"):
        return "DATE"
    return "INTEGER" if param == "release" else "VARCHAR"


def _filled(query: queries.Query, given: dict[str, object], asked: Release) -> dict[str, object]:
    """The parameters given; for the others the as-of date, the day to compare with, or null where that means all."""
    as_of = given.get("as_of") or asked.as_of
    usual = {name: None for name in query.params if re.search(rf"\${name}\b(::\w+)? is null", query.sql)}
    if "as_of" in query.params:
        usual["as_of"] = as_of
    if "release" in query.params:
        usual["release"] = asked.number
    if "compare_on" in query.params:
        usual["compare_on"] = _day_before(asked, as_of)
    filled = {**usual, **{name: value for name, value in given.items() if value is not None or name not in usual}}
    missing = [name for name in query.params if name not in filled]
    if missing:
        raise Stop("error.missing_params", name=query.name, missing=missing[0])
    return filled


def _day_before(asked: Release, as_of: dt.date) -> dt.date | None:
    """The day to compare with: the as-of date of the last meeting before, else of the last release before."""
    for table in ("meeting", "release"):
        days = [row["as_of_on"] for row in asked.records(table) if row["as_of_on"] < as_of]
        if days:
            return max(days)
    return None


def _show_answer(answer: Answer, t: Language) -> None:
    """Headings and labels, for people."""
    as_of = answer.params.get("as_of") or answer.release.as_of
    click.echo(t("say.answer", title=t.of(answer.query.title), release=answer.release.number, as_of=as_of))
    if answer.is_demo:
        click.echo(t("say.demo_mark"))
    columns = [answer.query.returned(name) for name in answer.columns]
    rows = [[t.cell(column, record[column.name], record) for column in columns] for record in answer.records()]
    print_table([t.of(column.heading) for column in columns], rows)
    if not rows:
        click.echo(t("say.no_rows"))


def _write_answer(answer: Answer, t: Language) -> None:
    """Names and codes, and nothing else on standard output: the demo mark goes to standard error."""
    if answer.is_demo:
        click.echo(t("say.demo_mark"), err=True)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(answer.columns)
    writer.writerows([to_text(value) for value in row] for row in answer.rows)
    click.echo(out.getvalue(), nl=False)


def _write_answer_as_json(answer: Answer, t: Language) -> None:
    click.echo(
        as_json(
            {
                "query": answer.query.name,
                "title": t.of(answer.query.title),
                "release": answer.release.number,
                "as_of": answer.params.get("as_of") or answer.release.as_of,
                "params": dict(answer.params),
                "is_demo": answer.is_demo,
                "columns": list(answer.columns),
                "rows": answer.records(),
            }
        )
    )


def _print_records(table: str, records: Sequence[dict], t: Language, without: Sequence[str] = ()) -> None:
    """Rows of a record, with the headings and labels of its declaration; the note in one language only."""
    other_note = "note_en" if t.code == "zh" else "note_zh"
    columns = [one for one in tables.all_tables()[table].columns if one.name not in (*without, other_note)]
    print_table(
        [t.of(column.heading) for column in columns],
        [[t.cell(column, row[column.name], row) for column in columns] for row in records],
    )


COMMANDS = (tables_, ask, releases_, show)
