"""The command that takes a code off any screen or paper: `taizhang passport CODE`."""

from collections.abc import Iterator

import click

from taizhang.cli.terminal import Stop, as_json, print_table, release_asked
from taizhang.declared.wording import Language
from taizhang.drawing.shapes import Table
from taizhang.evidence import provenance
from taizhang.evidence.enquiries import Enquiry, enquire
from taizhang.evidence.passports import NotAPassport
from taizhang.evidence.restatements import value_of
from taizhang.exhibits import Exhibit
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
    click.echo(f"{found.code} · {exhibit.title}" + (f" · {t('common.demo')}" if exhibit.is_demo else ""))
    if found.item:
        click.echo(t("passport.figure", label=found.item.label, value=value_of(found.item)))
    click.echo(exhibit.caption, nl=bool(exhibit.caption))
    click.echo(found.seen)
    click.echo(found.holds)
    click.echo(found.newest_line)
    for name, words in _definitions(exhibit, view):
        click.echo(f"{name} · {words}")
    for title, table in _rows(exhibit, view):
        click.echo(f"\n{title}")
        print_table(table.columns, [[cell.text for cell in row] for row in table.rows])
    click.echo("\n" + t("source.files"))
    files = provenance.files(exhibit.answers[0], view)
    print_table(files.columns, [[cell.text for cell in row] for row in files.rows])
    for fact in provenance.quotes(exhibit, view):
        click.echo(f"\n{fact['fact_id']} · {fact['quote_zh']}")
    for place, sql in provenance.sql_files(exhibit).items():
        click.echo(f"\n{place}\n{sql.strip()}")


def _definitions(exhibit: Exhibit, view: View) -> Iterator[tuple[str, str]]:
    for kpi in exhibit.kpis:
        yield view.t.label("kpi", kpi), provenance.kpi_definition(kpi, view)
    for answer in exhibit.answers:
        yield from ((said.about, said.words) for said in provenance.definition(answer, view))


def _rows(exhibit: Exhibit, view: View) -> Iterator[tuple[str, Table]]:
    t = view.t
    for kpi in exhibit.kpis:
        yield f"{t('source.rows_of_kpi')} · {t.label('kpi', kpi)}", provenance.counted(kpi, view)
    for behind in _lists(exhibit, view):
        yield f"{t('source.rows_behind')} · {t.of(behind.query.title)}", provenance.traced(behind, view)


def _lists(exhibit: Exhibit, view: View) -> Iterator[Answer]:
    for answer in exhibit.answers:
        behind = provenance.rows_behind(answer, view)
        if behind is not None and behind.query.rows_of:
            yield behind


def _as_json(found: Enquiry) -> dict:
    exhibit, view, item = found.behind, found.view, found.item
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
        "definitions": [{"about": about, "words": words} for about, words in _definitions(exhibit, view)],
        "queries": [
            {"query": answer.query.name, "params": dict(answer.params), "rows": answer.records()}
            for answer in exhibit.answers
        ],
        "sql": provenance.sql_files(exhibit),
        "rows_of_kpis": {kpi: view.ask("kpi_rows", kpi=kpi).records() for kpi in exhibit.kpis},
        "rows_behind": {behind.query.name: _located(behind, view) for behind in _lists(exhibit, view)},
        "quotes": [
            {"fact_id": fact["fact_id"], "quote": fact["quote_zh"]} for fact in provenance.quotes(exhibit, view)
        ],
    }


def _located(behind: Answer, view: View) -> list[dict[str, object]]:
    """The rows of a list, each with what last brought it under `origin`."""
    pairs = zip(behind.records(), provenance.origins_of(behind, view), strict=True)
    return [{**record, "origin": origin} for record, origin in pairs]
