"""The command line: `taizhang run` opens the board, every other command answers on the terminal.

An error is one sentence (what, where, what to do next) and exit code 1; a command written wrongly is exit code 2.
"""

import csv
import datetime as dt
import functools
import getpass
import io
import os
import re
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import click

from taizhang.cli import meetings, passports, uploads
from taizhang.cli.terminal import Stop, as_json, near, print_table, release_asked, value_text
from taizhang.declared import dictionary, queries, tables
from taizhang.declared.headers import LANGUAGES, HeaderWrong
from taizhang.declared.values import from_text, to_text
from taizhang.declared.wording import Language, language
from taizhang.rows import ledgers
from taizhang.rows.ledgers import RowsRefused
from taizhang.store import engine, releases

ROOT = Path(__file__).resolve().parents[2]
FIRST_LINE = re.compile(r"[^\n]*")


def main(args: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code. The one place where an exception becomes a sentence."""
    args = list(sys.argv[1:] if args is None else args)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure") and not stream.isatty():
            stream.reconfigure(encoding="utf-8")  # a Windows pipe would otherwise take GBK, or refuse a character
    t = language(_language(_said_before("--lang", args)))
    _say_help(t)
    try:
        sys.exit(cli.main(args, prog_name="taizhang", standalone_mode=False) or 0)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "taizhang"
        click.echo(t("error.usage", detail=error.format_message().rstrip("."), command=command), err=True)
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
    except Exception as error:
        sentence = _sentence(error, t) or _unknown(error, _store(_said_before("--store", args)), t)
        click.echo(sentence, err=True)
        sys.exit(1)


def _sentence(error: Exception, t: Language) -> str | None:
    """What a known error means and what to do next; None for one that nobody foresaw."""
    detail = FIRST_LINE.match(str(error))[0]
    match error:
        case Stop():
            return t(error.key, **error.blanks)
        case engine.QuestionFailed():
            return t("error.question_failed", detail=detail)
        case engine.Unreadable() | releases.NoRelease():
            return t("error.unreadable", detail=detail)
        case RowsRefused():
            return t("error.rows_refused", detail=detail)
        case releases.CheckFailed():
            return t("error.check_failed", detail=f"{error.check.title[t.code]}: {error.rows[0]}")
        case releases.SomeonePublished():
            return t("error.someone_published", live=error.live)
        case releases.UndoConflict():
            return t("error.undo_conflict", detail=" ".join(error.cells[0]))
        case ledgers.FileRefused():
            return t("error.file_refused", detail=detail)
        case HeaderWrong():
            return t("error.header_wrong", detail=detail)
        case OSError():
            return t("error.system", detail=detail)
        case click.ClickException():
            return t("error.system", detail=error.format_message())
    return uploads.sentence_of(error, t) or meetings.sentence_of(error, t)


def _unknown(error: Exception, store: Path, t: Language) -> str:
    """One sentence for an error nobody foresaw; the traceback goes to a file, not to the reader."""
    path = store / "last-error.txt"
    told = "".join(traceback.format_exception(error))
    try:
        path.write_text(told, encoding="utf-8")
    except OSError:  # there may be no store yet, and none is made for this
        path = Path(tempfile.gettempdir()) / "taizhang-last-error.txt"
        path.write_text(told, encoding="utf-8")
    return t("error.unknown", detail=type(error).__name__, path=path)


def _said_before(option: str, args: Sequence[str]) -> str | None:
    """The value of an option, found before the command line is parsed: errors of parsing need it too."""
    for place, arg in enumerate(args):
        if arg == option and place + 1 < len(args):
            return args[place + 1]
        if arg.startswith(f"{option}="):
            return arg.partition("=")[2]
    return None


def _store(said: str | Path | None) -> Path:
    return Path(said or os.environ.get("TAIZHANG_STORE") or ROOT / "data" / "store")


def _language(said: str | None) -> str:
    """The language asked for, else TAIZHANG_LANG, else Chinese; one we do not speak counts as not asked for."""
    return next((one for one in (said, os.environ.get("TAIZHANG_LANG")) if one in LANGUAGES), LANGUAGES[0])


# --- commands --------------------------------------------------------------------------------------------------


def _everywhere(function: Callable, languages: Sequence[str] = LANGUAGES) -> Callable:
    """The two options that may stand before the command as well as after it."""
    function = click.option("--lang", type=click.Choice(languages))(function)
    return click.option("--store", type=click.Path(path_type=Path, file_okay=False))(function)


@click.group(invoke_without_command=True)
@_everywhere
@click.pass_context
def cli(context: click.Context, store: Path | None, lang: str | None) -> None:
    context.obj = {"store": store, "lang": lang}
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def command(function: Callable) -> Callable:
    """A command of `cli` with --store and --lang; the function receives them as `store` (a path) and `t` (words).

    One that lists its own `languages` (what it makes can be in more than one) receives the choice as `lang` as well.
    """
    languages = getattr(function, "languages", None)

    @functools.wraps(function)
    @click.pass_obj
    def wrapped(before: dict, store: Path | None, lang: str | None, **options: object) -> int | None:
        words = language(_language(lang or before["lang"]))
        if languages:
            options["lang"] = lang or words.code
        return function(_store(store or before["store"]), words, **options)

    return cli.command(function.__name__.rstrip("_"))(_everywhere(wrapped, languages or LANGUAGES))


def _say_help(t: Language) -> None:
    """Put the words of the reader's language into the help texts."""
    for name, one in {"taizhang": cli, **cli.commands}.items():
        one.help = one.short_help = t(f"help.{name}")
        for option in one.params:
            if isinstance(option, click.Option):
                option.help = t(f"option.{option.name}")


@command
@click.option("--article", "kind", flag_value="article")
@click.option("--demo", "kind", flag_value="demo", default="demo")
@click.option("--empty", "kind", flag_value="empty")
def init(store: Path, t: Language, kind: str) -> None:
    made = _make(store, kind, t)
    if made is None:
        click.echo(t("say.made_empty", store=store))
    else:
        click.echo(t("say.made", store=store, release=made.number, as_of=made.as_of))


@command
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True)
def run(store: Path, t: Language, port: int) -> int:
    from taizhang import server

    if not store.exists():  # an empty folder is what `init --empty` made: it stays empty
        click.echo(t("say.first_run", store=store))
        _make(store, "demo", t)
    return server.serve(store, port)  # says the address itself, once it knows that the port is free


@command
def tables_(store: Path, t: Language) -> None:
    counts = engine.count_rows(releases.live(store).path) if releases.live_number(store) else {}
    print_table(
        [t("heading.name"), t("heading.title"), t("heading.key"), t("heading.rows")],
        [
            [table.name, table.title[t.code], ", ".join(table.key), str(counts.get(table.name, 0))]
            for table in sorted(tables.ledgers().values(), key=lambda table: table.name)
        ],
    )


@command
@click.argument("table")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False))
def template(store: Path, t: Language, table: str, output: Path | None) -> None:
    if table not in tables.ledgers():
        raise Stop("error.no_table", name=table, near=near(table, tables.ledgers(), t))
    made = dictionary.template(tables.ledgers()[table], t.code)
    if output is None:
        click.echo(made, nl=False)
        return
    output.write_bytes(made)
    click.echo(t("say.written", path=output))


@command
@click.argument("name", required=False)
@click.option("-p", "--param", multiple=True, metavar="NAME=VALUE")
@click.option("--release", type=int)
@click.option("--format", type=click.Choice(("table", "csv", "json")), default="table", show_default=True)
def ask(store: Path, t: Language, name: str | None, param: tuple[str, ...], release: int | None, format: str) -> None:
    if name is None:
        print_table(
            [t("heading.name"), t("heading.title"), t("heading.params")],
            [[one.name, one.title[t.code], ", ".join(one.params)] for one in queries.answers().values()],
        )
        return
    if name not in queries.answers():
        raise Stop("error.no_question", name=name, near=near(name, queries.answers(), t))
    query = queries.answers()[name]
    given = _given(query, param)
    asked = _asked(store, release, given.get("as_of"))
    answer = asked.ask(name, **_filled(query, given, asked))
    {"table": _show_answer, "csv": _write_answer, "json": _write_answer_as_json}[format](answer, t)


@command
def releases_(store: Path, t: Language) -> None:
    newest = release_asked(store, None)
    _print_records("release", releases.notes(newest), t, without=("parent", "undoes"))


@command
@click.argument("number", type=int)
def show(store: Path, t: Language, number: int) -> None:
    one = release_asked(store, number)
    kind = tables.label("release_kind", one.kind, t.code)
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
    if one.demo_tables:
        click.echo(t("say.demo_mark"))
    click.echo()
    received = [row for row in engine.rows_of(one.path, "received") if row["release"] == number]
    if received:
        _print_records("received", received, t, without=("release",))
    else:
        click.echo(t("say.no_files"))
    click.echo()
    changes = [row for row in engine.rows_of(one.path, "change") if row["release"] == number]
    counts = Counter((row["table_name"], row["kind"]) for row in changes)
    if not counts:
        click.echo(t("say.no_changes"))
    for (table, what), count in sorted(counts.items()):
        said = tables.ledgers()[table].title[t.code] if table in tables.ledgers() else table
        click.echo(f"{said} ({table}) · {tables.label('change_kind', what, t.code)} · {count}")


@command
@click.option("--remove", is_flag=True)
@click.option("--by")
def demo(store: Path, t: Language, remove: bool, by: str | None) -> None:
    newest = release_asked(store, None)
    if not newest.demo_tables:
        click.echo(t("say.demo_none", release=newest.number))
        return
    if remove:
        made = releases.remove_demo(store, by or getpass.getuser())
        click.echo(t("say.demo_removed", release=made.number))
        return
    rows = newest.rows()
    counts = [
        f"{tables.ledgers()[name].title[t.code]} {sum(bool(row['is_demo']) for row in rows[name].values())}"
        for name in sorted(newest.demo_tables)
    ]
    click.echo(t("say.demo_found", release=newest.number, counts=", ".join(counts)))


@command
def verify(store: Path, t: Language) -> int:
    if releases.live_number(store) is None:
        raise Stop("error.empty_store", store=store)
    damage = releases.verify(store)
    for one in damage:
        click.echo(t(f"damage.{one.what}", release=one.release, path=one.path))
    if not damage:
        click.echo(t("say.whole", count=len(releases.numbers(store))))
    return 1 if damage else 0


@command
def docs(store: Path, t: Language) -> None:
    for path in dictionary.write(ROOT):
        click.echo(t("say.written", path=path))


for one in (*uploads.COMMANDS, *meetings.COMMANDS, *passports.COMMANDS):
    command(one)


# --- which release, which parameters ---------------------------------------------------------------------------


def _make(store: Path, kind: str, t: Language) -> releases.Release | None:
    from taizhang.uploads import shipped

    def progress(done: int, total: int) -> None:
        click.echo(t("say.progress", done=done, total=total), err=True)

    try:
        return shipped.init(store, kind, progress)
    except shipped.AlreadyThere as error:
        raise Stop("error.already_there", store=store) from error


def _asked(store: Path, number: int | None, as_of: object) -> releases.Release:
    """The release to ask: the one named, else what was known on the as-of date, else the live one."""
    if number is not None or as_of is None:
        return release_asked(store, number)
    release_asked(store, None)
    return releases.release_at(store, as_of)


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


def _filled(query: queries.Query, given: dict[str, object], asked: releases.Release) -> dict[str, object]:
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


def _day_before(asked: releases.Release, as_of: dt.date) -> dt.date | None:
    """The day to compare with: the as-of date of the last meeting before, else of the last release before."""
    for table in ("meeting", "release"):
        days = [row["as_of_on"] for row in engine.rows_of(asked.path, table) if row["as_of_on"] < as_of]
        if days:
            return max(days)
    return None


# --- how rows are written --------------------------------------------------------------------------------------


def _show_answer(answer: releases.Answer, t: Language) -> None:
    """Headings and labels, for people."""
    as_of = answer.params.get("as_of") or answer.release.as_of
    click.echo(t("say.answer", title=answer.query.title[t.code], release=answer.release.number, as_of=as_of))
    if answer.is_demo:
        click.echo(t("say.demo_mark"))
    columns = [answer.query.returned(name) for name in answer.columns]
    rows = [
        [value_text(value, column.codes, t.code) for value, column in zip(row, columns, strict=True)]
        for row in answer.rows
    ]
    print_table([column.heading[t.code] for column in columns], rows)
    if not rows:
        click.echo(t("say.no_rows"))


def _write_answer(answer: releases.Answer, t: Language) -> None:
    """Names and codes, and nothing else on standard output: the demo mark goes to standard error."""
    if answer.is_demo:
        click.echo(t("say.demo_mark"), err=True)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(answer.columns)
    writer.writerows([to_text(value) for value in row] for row in answer.rows)
    click.echo(out.getvalue(), nl=False)


def _write_answer_as_json(answer: releases.Answer, t: Language) -> None:
    click.echo(
        as_json(
            {
                "query": answer.query.name,
                "title": answer.query.title[t.code],
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
        [column.heading[t.code] for column in columns],
        [[value_text(row[column.name], column.codes, t.code) for column in columns] for row in records],
    )
