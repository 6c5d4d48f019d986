"""What was the research about, where did each topic go, and what came of the reports?"""

from collections.abc import Mapping

from taizhang.drawing.shapes import Cell, Matrix, MatrixCell, Table
from taizhang.exhibits import Exhibit
from taizhang.exhibits.coverage import district_pick
from taizhang.exhibits.kpis import beside, kpi, reported_row
from taizhang.exhibits.remarks import as_of, count_or_gap, dotted, missing, of
from taizhang.exhibits.tones import TONE_OF_PROPOSAL, TONE_OF_TOPIC, toned
from taizhang.exhibits.views import View

TOPIC_LETTERS = 12  # how much of a topic's title stands above a column


# --- topics by district ----------------------------------------------------------------------------------------


def by_district(view: View) -> Exhibit:
    """Which topic went to which district. While no visit names a topic, nothing is known, and no zero is shown."""
    t, answer, topics = view.t, view.ask("district_by_topic"), view.ask("topics")
    records = answer.records()
    is_known = any(row["visits"] is not None for row in topics.records())
    columns = {row["topic_id"]: row["topic_title"] for row in records}
    names = {row["district_code"]: t.name(row["district_name"], row["district_name_en"]) for row in records}
    cells = {(row["district_code"], row["topic_id"]): row for row in records}
    visits = {key: row["visits"] for key, row in cells.items()}
    shape = Matrix(
        t("research.matrix_corner"),
        tuple(columns),
        tuple(t.more(title, TOPIC_LETTERS) for title in columns.values()),
        tuple(names.values()),
        tuple(tuple(_visits_cell(view, cells[code, topic], is_known) for topic in columns) for code in names),
        (
            *(_total(view, is_known, (visits[code, topic] for code in names)) for topic in columns),
            _total(view, is_known, visits.values()),
        ),
        tuple(_total(view, is_known, (visits[code, topic] for topic in columns)) for code in names),
        t("research.total"),
    )
    return Exhibit(
        "research.topic_matrix",
        (answer, topics),
        shape,
        _matrix_title(view, columns, visits, is_known),
        dotted(view, t("research.matrix_caption"), as_of(view)),
        kpis=("K24",),
        hint=t("research.matrix_hint"),
    )


def _matrix_title(view: View, columns: Mapping, visits: Mapping[tuple[str, str], int], is_known: bool) -> str:
    t = view.t
    if not columns:
        return t("research.topics_none")
    if not is_known:
        return t("research.matrix_unknown")
    reached = {topic for (_, topic), count in visits.items() if count}
    key = "matrix_none" if not reached else "matrix_all" if len(reached) == len(columns) else "matrix_some"
    return t(f"research.{key}", topics=len(columns), reached=len(reached), waiting=len(columns) - len(reached))


def _visits_cell(view: View, row: dict, is_known: bool) -> MatrixCell:
    t, visits, planned = view.t, row["visits"], row["planned"]
    place = t.name(row["district_name"], row["district_name_en"])
    if not is_known:
        told = "\n".join((f"{place} {row['topic_id']}", row["topic_title"], t("research.matrix_unknown")))
        return MatrixCell(t("research.cell_unknown"), "unknown", told)
    note = "\n".join(
        (
            t("research.cell_note", district=place, topic=row["topic_id"], visits=visits),
            row["topic_title"],
            *([t("research.cell_note_planned", planned=planned)] if planned else ()),
        )
    )
    text = t("research.cell_planned", count=planned) if planned else ""
    if visits:
        return MatrixCell(f"{visits}{text}", "done", note, district_pick(row["district_code"]))
    return MatrixCell(text or "0", "moving" if planned else "idle", note, district_pick(row["district_code"]))


def _total(view: View, is_known: bool, counts) -> str:
    return view.t.number(sum(counts)) if is_known else view.t.number(None)


# --- topics and proposals --------------------------------------------------------------------------------------


def listed(view: View) -> Exhibit:
    """The topics with their reports, and how far each of them went."""
    t, answer = view.t, view.ask("topics")
    rows = tuple(
        (
            Cell(row["topic_id"]),
            Cell(row["title"]),
            toned(t.label("topic_status", row["status"]), TONE_OF_TOPIC[row["status"]]),
            Cell(row["report_title"] or missing(view, row["status"] not in ("planned", "in_progress"))),
            Cell(count_or_gap(view, row["visits"]), is_number=True),
            *((Cell(count_or_gap(view, row["districts"]), is_number=True),) if view.has_places else ()),
            Cell(count_or_gap(view, row["proposals"]), is_number=True),
        )
        for row in answer.records()
    )
    columns = ("id", "title", "status", "report", "visits", *(("districts",) if view.has_places else ()), "proposals")
    headings = tuple(t(f"research.topics_{name}") for name in columns)
    return Exhibit(
        "research.topics",
        (answer,),
        Table(headings, rows, t("research.topics_none"), wide=(1, 3)),
        _topics_title(view),
        dotted(view, beside(view, "K26", "denominator"), as_of(view)),
        kpis=("K26",),
    )


def _topics_title(view: View) -> str:
    """A share only where the ledger holds every topic that was reported; else how many it lists."""
    t, one = view.t, kpi(view.ask("kpis"), "K26")
    reported = reported_row(view, "K26", "denominator")
    if not one.denominator:
        return t("research.topics_none")
    if one.is_incomplete and reported:
        listed, done = t.number(one.denominator), count_or_gap(view, one.numerator)
        return t("research.topics_incomplete", listed=listed, done=done, reported=t.number(reported["value"]))
    if not one.is_known:
        return t("research.topics_unknown", count=t.number(one.denominator))
    return t(
        "research.topics_done_known" if one.unknown else "research.topics_done",
        fraction=of(view, one.numerator, one.known),
        done=t.number(one.numerator),
        known=t.number(one.known),
        all=t.number(one.denominator),
    )


def proposals(view: View) -> Exhibit:
    """Proposals made in the reports, and which of them were put to use."""
    t, answer, kpis = view.t, view.ask("proposals"), view.ask("kpis")
    rows = tuple(
        (
            Cell(row["topic_id"] or t("common.not_given")),
            Cell(row["content"]),
            toned(t.label("proposal_status", row["status"]), TONE_OF_PROPOSAL[row["status"]]),
            Cell(row["adopting_unit"] or missing(view, row["status"] not in ("proposed", "not_adopted"))),
            Cell(row["document_title"] or missing(view, row["status"] in ("policy", "unknown"))),
        )
        for row in answer.records()
    )
    one = kpi(kpis, "K32")
    if not rows:
        key = "proposals_none"
    elif not one.is_known:
        key = "proposals_unknown"
    else:
        key = "proposals_some_unknown" if one.unknown else "proposals_title"
    headings = tuple(t(f"research.proposals_{name}") for name in ("topic", "content", "status", "unit", "document"))
    return Exhibit(
        "research.proposals",
        (answer, kpis),
        Table(headings, rows, t("research.proposals_none"), wide=(1, 4)),
        t(f"research.{key}", count=len(rows), unknown=one.unknown, fraction=of(view, one.numerator, one.denominator)),
        dotted(view, t("research.proposals_caption"), as_of(view)),
        kpis=("K32",),
    )
