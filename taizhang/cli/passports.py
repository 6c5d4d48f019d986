"""The command that takes a code off any screen or paper: `taizhang passport CODE`."""

import click

from taizhang.cli.terminal import Stop, as_json, print_table, release_asked
from taizhang.declared.wording import Language
from taizhang.drawing.shapes import Table
from taizhang.evidence.enquiries import Enquiry, enquire
from taizhang.evidence.passports import NotAPassport
from taizhang.evidence.provenance import Behind, Said, origins_of
from taizhang.evidence.restatements import value_of
from taizhang.exhibits.views import View
from taizhang.store import Answer, Store


@click.argument("code", nargs=-1, required=True)
@click.option("--format", type=click.Choice(("table", "json")), default="table", show_default=True)
def passport(store: Store, t: Language, code: tuple[str, ...], format: str) -> None:
    release_asked(store, None)
    said = " ".join(code)
    try:
        found = enquire(store, said, t.code)
    except NotAPassport as error:
        raise Stop("passport.wrong", said=said) from error
    if format == "json":
        click.echo(as_json(_as_json(found)))
    else:
        _print(found, t)


COMMANDS = (passport,)


def _print(found: Enquiry, t: Language) -> None:
    exhibit, view = found.behind, found.view
    behind = Behind(exhibit, view)
    click.echo(f"{found.code} · {exhibit.title}" + (f" · {t('common.demo')}" if exhibit.is_demo else ""))
    if found.item:
        click.echo(t("passport.figure", label=found.item.label, value=value_of(found.item)))
    click.echo(exhibit.caption, nl=bool(exhibit.caption))
    click.echo(found.seen)
    click.echo(found.holds)
    click.echo(found.newest_line)
    for said in _definitions(behind):
        click.echo(f"{said.about} · {said.words}")
    for rows in behind.rows:
        _print_table(f"{rows.title.about} · {rows.title.words}", rows.table(view))
    _print_table(t("source.files"), behind.files)
    for fact in behind.quotes:
        click.echo(f"\n{fact['fact_id']} · {fact['quote_zh']}")
    for place, sql in behind.sql.items():
        click.echo(f"\n{place}\n{sql.strip()}")


def _print_table(title: str, table: Table) -> None:
    click.echo(f"\n{title}")
    print_table(table.columns, [[cell.text for cell in row] for row in table.rows])


def _definitions(behind: Behind) -> list[Said]:
    return [*behind.kpis, *(line for one in behind.answers for line in one.lines)]


def _as_json(found: Enquiry) -> dict:
    exhibit, view, item = found.behind, found.view, found.item
    behind = Behind(exhibit, view)
    return {
        "code": found.code,
        "exhibit": exhibit.name,
        "title": exhibit.title,
        "caption": exhibit.caption,
        "figure": {"label": item.label, "value": value_of(item)} if item else None,
        "is_demo": exhibit.is_demo,
        "as_of": view.as_of,
        "release": view.release.number,
        "compare_on": view.compare_on,
        "compared_release": view.compared.number if view.compared else None,
        "district": view.district,
        "holds": not found.restated,
        "said": found.holds,
        "restated": [
            {
                "label": one.label,
                "was": one.was,
                "now": one.now,
                "values": one.count,
                "rows": one.rows,
                "release": one.release,
            }
            for one in found.restated
        ],
        "newest": {
            "as_of": found.newest_view.as_of,
            "release": found.newest_view.release.number,
            "value": found.newest_value,
        },
        "definitions": [{"about": said.about, "words": said.words} for said in _definitions(behind)],
        "queries": [
            {"query": answer.query.name, "params": dict(answer.params), "rows": answer.records()}
            for answer in exhibit.answers
        ],
        "sql": behind.sql,
        "rows_of_kpis": {rows.kpi: rows.answer.records() for rows in behind.rows if rows.kpi},
        "rows_behind": {rows.answer.query.name: _located(rows.answer, view) for rows in behind.rows if not rows.kpi},
        "quotes": [{"fact_id": fact["fact_id"], "quote": fact["quote_zh"]} for fact in behind.quotes],
    }


def _located(answer: Answer, view: View) -> list[dict[str, object]]:
    """The rows of a list, each with what last brought it under `origin`."""
    pairs = zip(answer.records(), origins_of(answer, view), strict=True)
    return [{**record, "origin": origin} for record, origin in pairs]
