"""Where does every number come from? The reported figures, the article, the definitions, the releases."""

from taizhang.declared import queries
from taizhang.drawing.shapes import Cell, Passage, Table
from taizhang.exhibits import Exhibit
from taizhang.exhibits.kpis import Kpi, cancelled, kpi, reported_or_gap
from taizhang.exhibits.parts_of_campaign import kpis_of
from taizhang.exhibits.remarks import dotted
from taizhang.exhibits.views import View


def figures(view: View) -> Exhibit:
    """Every reported figure with its sentence, beside what the ledgers hold."""
    t, answer = view.t, view.ask("reported_against_ledger")
    rows = tuple(
        (
            Cell(t.name(row["name_zh"], row["name_en"]), pick=f"fact:{row['fact_id']}"),
            Cell(_as_written(view, row), is_number=True),
            Cell(t.number(row["ledger"]) if row["kpi"] else "", is_number=True),
            Cell(difference(view, row), is_number=True),
            Cell(t.label("value_basis", row["value_basis"])),
        )
        for row in answer.records()
    )
    headings = tuple(t(f"sources.{name}") for name in ("figure", "reported", "ledger", "difference", "basis"))
    return Exhibit(
        "sources.figures",
        (answer,),
        Table(headings, rows, t("common.no_rows")),
        t("sources.figures_title" if rows else "overview.reported_none", count=len(rows)),
        hint=t("sources.figures_hint"),
    )


def _as_written(view: View, row: dict) -> str:
    t = view.t
    number = row["value_text"] if row["value"] is None else t.number(row["value"])
    return t("overview.with_unit", number=number, unit=t.name(row["unit_zh"], row["unit_en"]))


def difference(view: View, row: dict) -> str:
    """What the ledgers lack of a reported figure or hold beyond it; '' for a figure that no ledger counts."""
    t = view.t
    if not row["kpi"]:
        return ""
    if row["difference"] is None:
        return t("overview.no_ledger")
    if row["difference"] == 0:
        if row["ledger"] != row["value"]:
            return dotted(view, t("overview.agrees"), cancelled(view, row["kpi"]))
        return t("overview.agrees")
    key = "ledger_less" if row["difference"] > 0 else "ledger_more"
    return t(f"overview.{key}", count=t.number(abs(row["difference"])))


def fact_ids(view: View) -> frozenset[str]:
    """The quoted facts of all sources."""
    sources = view.ask("sources").column("source_id")
    return frozenset(one for source in sources for one in view.ask("facts", source_id=source).column("fact_id"))


def article(view: View, fact_id: str | None) -> Exhibit:
    """The article whole, every quoted sentence marked, the chosen one most of all."""
    t = view.t
    texts = [row for row in view.ask("sources").records() if row["has_body"]]
    quoted = {row["source_id"]: view.ask("facts", source_id=row["source_id"]) for row in texts}
    holding = [source for source, facts in quoted.items() if fact_id in facts.column("fact_id")]
    source_id = next(iter(holding or quoted), "")
    text, facts = view.ask("source_text", source_id=source_id), view.ask("facts", source_id=source_id)
    body = text.records()[0]["body"] if text.rows else ""
    chosen = next((row for row in facts.records() if row["fact_id"] == fact_id), None)
    found = [(body.find(row["quote_zh"]), row) for row in facts.records()]
    marks = [(start, start + len(row["quote_zh"]), f"fact:{row['fact_id']}") for start, row in found if start >= 0]
    title = t("sources.article_title", count=len(marks)) if body else t("sources.article_none")
    caption = t("sources.article_caption", title=text.records()[0]["title"]) if body else ""
    if chosen:
        title = t(
            "sources.article_chosen", fact=chosen["fact_id"], subject=t.name(chosen["subject_zh"], chosen["subject_en"])
        )
        if chosen["not_given"]:
            caption += t("sources.not_given", what=chosen["not_given"]) if t.code == "en" else ""
    return Exhibit(
        "sources.article",
        (text, facts),
        Passage(body, tuple(marks), f"fact:{fact_id}"),
        title,
        caption,
        option=fact_id if chosen else "",
    )


def definitions(view: View) -> Exhibit:
    """What every KPI means."""
    t, answer = view.t, view.ask("kpis")
    said = queries.answers()["kpis"].definitions
    codes = kpis_of(view, said)
    units = {row["kpi"]: row["unit"] for row in answer.records() if row["part"] is None}
    rows = tuple(
        (
            Cell(code),
            Cell(t.label("kpi", code)),
            Cell(_value(view, kpi(answer, code), units.get(code)), is_number=True),
            Cell(t.of(said[code])),
        )
        for code in codes
    )
    headings = tuple(t(f"sources.{name}") for name in ("code", "name", "value", "definition"))
    return Exhibit(
        "sources.definitions",
        (answer,),
        Table(headings, rows, t("common.no_rows"), wide=(3,)),
        t("sources.definitions_title", count=len(rows)),
        t("sources.definitions_caption"),
        kpis=codes,
    )


def _value(view: View, one: Kpi, unit: str | None) -> str:
    t = view.t
    if not one.is_known:
        return reported_or_gap(one.reported, view)
    if unit == "share":
        remark = t("kpis.known", known=one.known, all=one.denominator) if one.known < one.denominator else ""
        return dotted(view, f"{t.fraction(one.numerator, one.known)} {t.percent(one.share)}", remark)
    return t.number(round(one.value, 2))


def releases(view: View) -> Exhibit:
    """Every release: when, by whom, with which note, and how much it changed."""
    t, answer = view.t, view.ask("release_list")
    rows = tuple(
        (
            Cell(str(row["release"]), is_number=True),
            Cell(t.label("release_kind", row["kind"])),
            Cell(t.day(row["as_of_on"])),
            Cell(row["published_at"].strftime("%Y-%m-%d %H:%M")),
            Cell(row["published_by"]),
            Cell(t.name(row["note_zh"], row["note_en"])),
            Cell(t.number(row["files"]), is_number=True),
            Cell(t.number(row["rows_new"]), is_number=True),
            Cell(t.number(row["rows_changed"]), is_number=True),
        )
        for row in reversed(answer.records())
    )
    headings = tuple(
        t(f"sources.release_{name}")
        for name in ("number", "kind", "as_of", "published", "by", "note", "files", "new", "changed")
    )
    return Exhibit(
        "sources.releases",
        (answer,),
        Table(headings, rows, t("common.no_rows"), wide=(5,)),
        t("sources.releases_title", count=len(rows)),
        t("sources.releases_caption"),
    )


def registers(view: View) -> Exhibit:
    """The sources themselves, with their licence and checksum."""
    t, answer = view.t, view.ask("sources")
    rows = tuple(
        (
            Cell(row["source_id"]),
            Cell(row["title"]),
            Cell(row["publisher"] or t("common.not_given")),
            Cell(row["licence"] or t("common.not_given")),
            Cell(t.day(row["retrieved_on"])),
            Cell(row["sha256"] or ""),
        )
        for row in answer.records()
    )
    headings = tuple(
        t(f"sources.register_{name}") for name in ("id", "title", "publisher", "licence", "retrieved", "sha256")
    )
    return Exhibit(
        "sources.registers",
        (answer,),
        Table(headings, rows, t("common.no_rows"), wide=(1,)),
        t("sources.registers_title" if rows else "sources.registers_none", count=len(rows)),
        t("sources.registers_caption"),
    )
