"""The deck: read back slide by slide, in both languages, on our template and on four that we did not make."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate

import openpyxl
import pytest
from deck_templates import TEMPLATES, black, changed
from lxml import etree
from openxml_audit import OpenXmlValidator
from pptx import Presentation
from pptx.oxml.ns import qn

from taizhang.declared.wording import language, words_of
from taizhang.drawing import html, palette, svg
from taizhang.drawing.palette import SYMBOLS
from taizhang.drawing.shapes import (
    Bar,
    Bars,
    Cell,
    Figure,
    Figures,
    Lanes,
    LegendEntry,
    Line,
    Mark,
    Matrix,
    Series,
    StackedBars,
    Table,
    Tile,
    TileMap,
    Timeline,
)
from taizhang.evidence import provenance
from taizhang.exhibits.views import Choices, look
from taizhang.showing import deck, meetings, slides
from taizhang.showing.deck import template as templates
from taizhang.showing.deck.space import Box, line_count, shortened
from taizhang.showing.meetings import ScriptLine
from taizhang.showing.slides import Showing

# Beside the usual script: shapes that it does not have.
ALSO = ("overview.units", "research.topic_matrix", "timeline.lanes", "review.by_nature")
NOTE = "先念名单，再请责任单位说明。"


def prepared(store, *more: str) -> meetings.Meeting:
    meeting = meetings.prepare(look(store, Choices()), "HY-9", "第九次汇报会", dt.date(2019, 12, 2))
    first, *rest = meeting.script
    return replace(meeting, script=(replace(first, note=NOTE), *rest, *(ScriptLine((name,)) for name in more)))


def shown(store, *more: str) -> list[Showing]:
    meeting = prepared(store, *more)
    return [slides.show(store, meeting, lang) for lang in ("zh", "en")]


@pytest.fixture(scope="module")
def showings(demo_store) -> list[Showing]:
    return shown(demo_store, *ALSO)


@pytest.fixture(scope="module")
def made(showings) -> bytes:
    return deck.build(showings)


@pytest.fixture(scope="module", params=["house", "dark", "article", *TEMPLATES])
def any_deck(request, showings, made, article_store) -> tuple[list[Showing], bytes]:
    """(what was shown, the deck): of the demo on every template, of the article on ours."""
    if request.param == "article":
        of_article = shown(article_store)
        return of_article, deck.build(of_article)
    if request.param == "dark":
        dark = [replace(one, meeting=replace(one.meeting, theme="dark")) for one in showings[:1]]
        return dark, deck.build(dark)
    if request.param == "house":
        return showings, made
    one = showings[:1] if request.param in ("black", "potx") else showings[1:]
    return one, deck.build(one, TEMPLATES[request.param]())


@lru_cache(maxsize=2)  # test after test reads the same deck
def opened(data: bytes):
    return Presentation(io.BytesIO(data))


def in_order(showings: Iterable[Showing]) -> list[slides.Slide]:
    return [slide for showing in showings for slide in showing.slides]


def leaves(shapes) -> Iterator:
    """Every shape of a slide, those inside groups too, the groups themselves first."""
    for shape in shapes:
        yield shape
        if shape.shape_type == 6:
            yield from leaves(shape.shapes)


def written(body) -> str:
    """A text without the ends of lines that the deck sets itself."""
    return body.text.replace("\v", "")


def text_of(page) -> str:
    """Everything that can be read on a slide: boxes, tables, and what charts show as words or hold as data."""
    said = []
    for shape in leaves(page.shapes):
        if shape.has_text_frame:
            said.append(written(shape.text_frame))
        if getattr(shape, "has_table", False) and shape.has_table:
            said += [written(cell) for row in shape.table.rows for cell in row.cells]
        if getattr(shape, "has_chart", False) and shape.has_chart:
            space = shape.chart._chartSpace
            said += [one.text for one in space.iter(qn("a:t"), qn("c:v")) if one.text]
    return "\n".join(said)


def charts_of(page) -> list:
    return [shape.chart for shape in page.shapes if getattr(shape, "has_chart", False) and shape.has_chart]


def tables_of(page) -> list:
    return [shape.table for shape in page.shapes if getattr(shape, "has_table", False) and shape.has_table]


# --- what holds on every slide of every deck ---------------------------------------------------------------------


def test_every_slide_has_its_finding_as_a_real_title(any_deck):
    showings, data = any_deck
    pages = opened(data).slides
    assert len(pages) == len(in_order(showings)) > 20
    for page, slide in zip(pages, in_order(showings), strict=True):
        title = written(page.shapes.title.text_frame)
        wanted = showings[0].meeting.title if slide.is_cover else slide.title
        assert title.startswith(wanted), (title, wanted)
        place, count = slide.part
        assert (f"{place}/{count}" in title) == (count > 1)
    assert [one for one in pages if not one.shapes.title.is_placeholder] == []


def test_everything_has_words_or_is_marked_as_decoration(any_deck):
    for number, page in enumerate(opened(any_deck[1]).slides, start=1):
        for shape in leaves(page.shapes):
            about = shape._element.xpath(".//p:cNvPr")[0]
            has_words = shape.has_text_frame and shape.text_frame.text.strip()
            is_decoration = "decorative" in etree.tostring(about).decode()
            assert about.get("name"), number
            assert has_words or about.get("descr") or is_decoration, (number, shape.name)
            assert not (is_decoration and about.get("descr"))
            if getattr(shape, "has_chart", False) or getattr(shape, "has_table", False) or shape.shape_type == 6:
                assert about.get("descr"), (number, shape.name)


def test_no_text_is_too_small_and_all_of_it_says_its_language(any_deck):
    showings, data = any_deck
    whole = opened(data)
    high = whole.slide_height / 12700
    for number, (page, slide) in enumerate(zip(whole.slides, in_order(showings), strict=True)):
        own = "zh-CN" if slide.view.t.code == "zh" else "en-US"
        for run in page.shapes._spTree.iter(qn("a:r")):
            about = run.find(qn("a:rPr"))
            assert about.get("lang") == own
            assert about.get("altLang") not in (None, own)
            size = int(about.get("sz")) / 100  # every run says its own: nothing smaller can be inherited
            assert size >= 12 / 540 * high - 0.01, (number, size, run.find(qn("a:t")).text)
        headline = min(run.font.size.pt for run in page.shapes.title.text_frame.paragraphs[0].runs)
        assert headline >= 22 / 540 * high - 0.01
        room = page.shapes.title.width / 12700
        needed = sum(1.0 if ord(letter) > 0x2E80 else 0.5 for letter in page.shapes.title.text_frame.text) * headline
        assert page.shapes.title.height / 12700 >= -(-needed // room) * headline * 1.15
        for chart in charts_of(page):
            space = chart._chartSpace
            assert space.find(qn("c:txPr")) is not None  # what no part of the chart says, it inherits from here
            for letters in space.iter(qn("a:defRPr"), qn("a:rPr")):
                assert letters.get("sz") is None or int(letters.get("sz")) / 100 >= 12 / 540 * high - 0.01
            assert space.xpath("c:txPr//a:defRPr/@sz")
            assert space.xpath("c:txPr//a:defRPr/@lang") == [own]


def test_figures_are_large_enough_for_the_last_row(any_deck):
    showings, data = any_deck
    whole = opened(data)
    high = whole.slide_height / 12700
    for page, slide in zip(whole.slides, in_order(showings), strict=True):
        for figure in slide.figures.items if slide.figures else ():
            sizes = [
                max(run.font.size.pt for run in shape.text_frame.paragraphs[0].runs)
                for shape in leaves(page.shapes)
                if shape.has_text_frame and shape.text_frame.text == figure.value
            ]
            is_above = isinstance(slide.body, Table) or not re.search(r"\d", figure.value)  # words are no number
            assert max(sizes) >= (0.05 if is_above else 0.09) * high, figure


def test_nothing_runs_off_the_slide(any_deck):
    whole = opened(any_deck[1])
    for number, page in enumerate(whole.slides, start=1):
        for shape in leaves(page.shapes):
            assert min(shape.left, shape.top) >= 0, (number, shape.name)
            assert max(shape.width, shape.height) > 0, (number, shape.name)
            assert shape.left + shape.width <= whole.slide_width + 1, (number, shape.name)
            assert shape.top + shape.height <= whole.slide_height + 1, (number, shape.name)
        for table in tables_of(page):  # a table is as high as its text makes it, whatever its frame says
            frame = next(shape for shape in page.shapes if getattr(shape, "has_table", False) and shape.has_table)
            assert frame.top + sum(map(height_needed, table.rows, [table] * len(table.rows))) <= whole.slide_height


def height_needed(row, table) -> float:
    """The height that the text of a row needs, in EMU, by a measure of its own: a Chinese letter is one em wide."""
    most = 0.0
    for cell, column in zip(row.cells, table.columns, strict=True):
        size = max((run.font.size for one in cell.text_frame.paragraphs for run in one.runs), default=0)
        room = column.width - cell.margin_left - cell.margin_right
        wide = sum(1.0 if ord(letter) > 0x2E80 else 0.5 for letter in cell.text) * size
        lines = max(1, -(-wide // room))
        most = max(most, lines * size * 1.2 + cell.margin_top + cell.margin_bottom)
    return most


def test_boxes_that_stand_beside_each_other_do_not_overlap(any_deck):
    """Charts, tables and groups against each other, and none of them over title or footer."""
    for number, page in enumerate(opened(any_deck[1]).slides, start=1):
        solid = [shape for shape in page.shapes if shape.is_placeholder or not shape.has_text_frame]
        for place, one in enumerate(solid):
            for other in solid[place + 1 :]:
                across = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
                down = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
                assert across <= 12700 or down <= 12700, (number, one.name, other.name)


def test_every_footer_says_day_release_demo_code_and_place(any_deck):
    showings, data = any_deck
    pages = iter(opened(data).slides)
    for showing in showings:
        for place, slide in enumerate(showing.slides, start=1):
            said = text_of(next(pages))
            t = slide.view.t
            assert t("frame.said_as_of", day=slide.view.as_of.isoformat()) in said
            assert t("frame.release_short", number=slide.view.release.number) in said
            assert (t("common.demo") in said) == showing.is_demo
            assert slide.passport in said
            assert f"{place}/{len(showing.slides)}" in said


def test_a_deck_has_nothing_that_powerpoint_would_repair(any_deck, tmp_path):
    path = tmp_path / "deck.pptx"
    path.write_bytes(any_deck[1])
    assert [str(error) for error in OpenXmlValidator().validate(path).errors] == []


# --- the same numbers --------------------------------------------------------------------------------------------


def test_every_number_of_every_shape_stands_on_its_slide(any_deck):
    showings, data = any_deck
    seen = set()
    for page, slide in zip(opened(data).slides, in_order(showings), strict=True):
        seen.add(type(slide.body))
        same(slide.body, page, slide)
        said = text_of(page)
        for figure in (*slide.opening, *(slide.figures.items if slide.figures else ())):
            for words in (figure.label, figure.value, figure.detail, figure.change):
                assert words in said, words
            assert figure.passport == slide.passport or figure.passport not in said  # one code a slide, in its footer
    assert {Table, Line, StackedBars, Bars, Lanes, TileMap} <= seen or showings[0].view.release.number == 1


def same(shape, page, slide) -> None:
    """Whether the native drawing on a slide holds exactly what the shape does."""
    whole = text_of(page)
    match shape:
        case Bars():
            (chart,) = charts_of(page)
            assert tuple(chart.plots[0].series[-1].values) == tuple(one.value for one in shape.items)
            assert all(one.text in whole and one.label in whole for one in shape.items)
            if any(one.of is not None for one in shape.items):
                assert tuple(chart.plots[0].series[0].values) == tuple(one.of for one in shape.items)
        case StackedBars():
            (chart,) = charts_of(page)
            for one, drawn in zip(shape.series, chart.plots[0].series, strict=True):
                assert tuple(drawn.values) == one.values
                assert drawn.name.endswith(one.name)
            said = list(chart.plots[0].categories)
            assert all(note in said[place] for place, note in enumerate(shape.notes))
        case Line():
            (chart,) = charts_of(page)
            for one, drawn in zip(shape.series, chart.plots[0].series, strict=True):
                assert tuple(drawn.values) == one.values
            first = chart.plots[0].series[0]._element
            days = [float(one.text) for one in first.findall(f"{qn('c:cat')}//{qn('c:v')}")]
            assert days == [(day - dt.date(1899, 12, 30)).days for day in shape.days]
        case Table():
            wanted = [[f"{cell.symbol} {cell.text}".strip() for cell in row] for row in shape.rows]
            if slide.is_cover or slide.cards:
                card = shape.card and (shape.card.state, shape.card.about, shape.card.said, *shape.card.below)
                rows = slide.facts if slide.is_cover else [[row[place] for place in card] for row in slide.cards]
                assert all(cell.shown in whole for row in rows for cell in row)
                return
            (table,) = tables_of(page)
            drawn = [[written(cell) for cell in row.cells] for row in table.rows]
            left_out = len(wanted) + 1 - len(drawn)
            assert left_out <= 0 or slide.view.t("deck.no_room", count=left_out) in whole
            for row, found in zip(wanted, drawn[1:], strict=left_out == 0):
                for cell, text in zip(row, found, strict=True):
                    assert text == cell or (text.endswith("…") and cell.startswith(text[:-1]))
        case Matrix():
            (table,) = tables_of(page)
            drawn = [[written(cell) for cell in row.cells] for row in table.rows]
            for place, cells in enumerate(shape.cells, start=1):
                assert drawn[place][1 : 1 + len(cells)] == [cell.drawn for cell in cells]
        case TileMap():
            names = [one.name for one in leaves(page.shapes)]
            assert all(tile.label in names for tile in shape.tiles)
            for entry in shape.legend:
                assert f"{entry.label} {entry.count}" in whole
        case Timeline():
            names = (one._element.xpath(".//p:cNvPr/@descr | .//p:cNvPr/@name") for one in leaves(page.shapes))
            told = "\n".join(name for found in names for name in found)
            assert all(one.label[:6] in told for one in shape.happenings if one.start)
        case Lanes():
            for one in shape.items:
                assert all(words in whole for words in (one.label, one.lead))


def test_the_places_of_a_map_say_their_state_in_words_and_as_fill(made, showings):
    page, slide = next(
        pair for pair in zip(opened(made).slides, in_order(showings), strict=True) if isinstance(pair[1].body, TileMap)
    )
    tiles = {one.label: one for one in slide.body.tiles}
    states = {entry.state: entry for entry in slide.body.legend}
    (group,) = [shape for shape in page.shapes if shape.shape_type == 6]
    drawn = [one for one in group.shapes if one.name in tiles and one.has_text_frame and one.text_frame.text]
    assert len({one.name for one in drawn}) == len(tiles)
    for one in drawn:
        entry = states[tiles[one.name].state]
        descr = one._element.xpath(".//p:cNvPr/@descr")
        assert descr == [tiles[one.name].note] or entry.label in descr[0] or tiles[one.name].label == "白沙"
    for entry in slide.body.legend:
        assert entry.symbol in text_of(page)


def test_no_day_no_number_with_what_it_counts_and_no_word_is_parted(any_deck):
    """Lines are ended in the file, since every program parts them in its own way; none of them is too long either."""
    kept = re.compile(r"\d{4}-\d\d-\d\d|\d+月\d+日|\d+ [天条个项份]|\d+ (?:days|Nov|Dec)|[A-Za-z]{2,}")
    parted = 0
    for number, page in enumerate(opened(any_deck[1]).slides, start=1):
        for body, room in bodies(page):
            for one in body.paragraphs:
                lines = one.text.split("\v")
                parted += len(lines) - 1
                ends, whole = set(accumulate(map(len, lines))), "".join(lines)
                for found in kept.finditer(whole):
                    is_long = any(len(line) < 12 for line in lines) and len(found[0]) > 12  # longer than its column
                    inside = range(found.start() + 1, found.end())
                    assert is_long or not ends & set(inside), (number, one.text)
                size = max((run.font.size.pt for run in one.runs), default=0)
                wide = max(sum(1.0 if ord(letter) > 0x2E80 else 0.46 for letter in line) for line in lines)
                assert len(lines) == 1 or wide * size <= room + size, (number, one.text)
    assert parted > 10


def bodies(page) -> Iterator[tuple]:
    """(a text, how wide its room is in points) of every box and every cell of a slide."""
    for shape in leaves(page.shapes):
        if shape.has_text_frame:
            yield shape.text_frame, shape.width / 12700
        if getattr(shape, "has_table", False) and shape.has_table:
            for row in shape.table.rows:
                for cell, column in zip(row.cells, shape.table.columns, strict=True):
                    yield cell.text_frame, column.width / 12700


def test_a_cover_tells_whose_meeting_it_is_in_its_band_and_what_is_to_be_made_clear_beside_it(made, showings):
    page, slide = opened(made).slides[0], showings[0].slides[0]
    band = 320 * 12700
    said = {True: [], False: []}
    for shape in leaves(page.shapes):
        if shape.has_text_frame and shape.text_frame.text:
            said[shape.left + shape.width <= band].append(written(shape.text_frame))
    assert "江门市委统战部" in "".join(said[True])
    assert "2019-12-02" in "".join(said[True])
    for one in slide.opening:
        assert one.label in said[False]
        assert one.value in said[False]


def test_what_is_to_be_decided_are_cards_with_state_matter_unit_and_day(made, showings):
    page, slide = next(
        pair
        for pair in zip(opened(made).slides, in_order(showings), strict=True)
        if pair[1].name == "meeting.decisions"
    )
    groups = [one for one in page.shapes if one.shape_type == 6]
    assert tables_of(page) == []
    assert len(groups) == len(slide.cards) == 3
    assert len({one.top for one in groups}) == 1
    for group, row in zip(groups, slide.cards, strict=True):
        said = [written(one.text_frame) for one in group.shapes if one.has_text_frame and one.text_frame.text]
        assert said == [f"{row[0].shown}\n{row[1].text}\n{row[4].text}", f"{row[2].text} · {row[3].text}"]


def test_with_two_things_to_decide_a_card_is_left_for_what_is_agreed_on(showings):
    slide = next(one for one in showings[0].slides if one.name == "meeting.decisions")
    two = replace(slide, body=replace(slide.body, rows=slide.body.rows[:2]))
    agreed = meetings.Commitment("下周报名单", "干部科", dt.date(2019, 12, 6))
    for promised, said in ((), "会上议定的记在这里"), ((agreed,), "下周报名单"):
        meeting = replace(showings[0].meeting, commitments=promised)
        (page,) = opened(deck.build([replace(showings[0], meeting=meeting, slides=(two,))])).slides
        *_, last = [one for one in page.shapes if one.shape_type == 6]
        assert "今天议定" in text_of(page)
        assert any(said in written(one.text_frame) for one in last.shapes if one.has_text_frame)


def test_a_meeting_that_agreed_on_something_ends_with_what_who_and_by_when(demo_store, showings):
    agreed = (
        meetings.Commitment("下周报名单", "干部科", dt.date(2019, 12, 6)),
        meetings.Commitment("销号率过七成", None, None, "K03", Decimal("0.7")),
    )
    meeting = replace(showings[0].meeting, commitments=agreed, script=showings[0].meeting.script[:1])
    for lang, title, unknown in (("zh", "今天议定 2 项", "未提供"), ("en", "2 things agreed on today", "Not stated")):
        *_, page = opened(deck.build([slides.show(demo_store, meeting, lang)])).slides
        assert written(page.shapes.title.text_frame) == title
        said = text_of(page)
        assert all(words in said for words in ("下周报名单", "干部科", "2019-12-06", "销号率过七成", unknown, "70%"))
    assert not any(slide.name == slides.CLOSING for slide in showings[0].slides)  # nothing agreed on, no such slide


def test_figures_stand_in_four_columns_of_twelve_beside_a_drawing(made, showings):
    page, slide = next(
        pair for pair in zip(opened(made).slides, in_order(showings), strict=True) if isinstance(pair[1].body, Line)
    )
    (chart,) = [one for one in page.shapes if getattr(one, "has_chart", False) and one.has_chart]
    groups = [one for one in page.shapes if one.shape_type == 6]
    assert len(groups) == len(slide.figures.items) == 4
    assert all(one.left >= chart.left + chart.width for one in groups)
    assert chart.width / (groups[0].left + groups[0].width - chart.left) == pytest.approx(2 / 3, abs=0.02)
    assert len({one.left for one in groups}) == 1


# --- notes -------------------------------------------------------------------------------------------------------


def test_notes_say_what_the_presenter_means_to_say_and_then_where_it_comes_from(made, showings):
    for page, slide in zip(opened(made).slides, in_order(showings), strict=True):
        said = page.notes_slide.notes_text_frame.text
        assert said.startswith(NOTE) == slide.is_cover
        for exhibit in slide.exhibits:
            assert exhibit.title in said
            assert exhibit.passport in said
            for kpi in exhibit.kpis:
                assert provenance.kpi_definition(kpi, slide.view) in said
            for answer in exhibit.answers:
                assert f"queries/answers/{answer.query.name}.sql" in said
                assert f"{len(answer.rows)}" in said
                for line in provenance.definition(answer, slide.view):
                    assert line.words in said


def test_notes_without_sources_hold_only_what_the_presenter_means_to_say(showings):
    pages = opened(deck.build(showings[:1], sources=False)).slides
    assert pages[0].notes_slide.notes_text_frame.text == NOTE
    assert [page.has_notes_slide for page in pages] == [True] + [False] * (len(pages) - 1)


# --- the same bytes ----------------------------------------------------------------------------------------------


def test_the_same_showings_give_the_same_bytes_and_say_how_far_they_are(showings, made, monkeypatch):
    heard = []
    monkeypatch.setattr("time.localtime", lambda *_: (2031, 1, 2, 3, 4, 5, 3, 2, 0))  # what zip files are dated by
    assert deck.build(showings, tell=lambda *far: heard.append(far)) == made
    total = len(in_order(showings))
    assert heard == [(done, total) for done in range(1, total + 1)]


def test_nothing_in_the_file_tells_when_or_by_whom_it_was_made(made):
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        books = [name for name in package.namelist() if name.endswith(".xlsx")]
        assert books
        for name in books:
            about = openpyxl.load_workbook(io.BytesIO(package.read(name))).properties
            assert about.created == dt.datetime(2000, 1, 1)
            assert not about.creator
    about = opened(made).core_properties
    assert about.created == about.modified == dt.datetime(2019, 12, 2)
    assert about.title == "第九次汇报会"
    assert about.author == about.last_modified_by == "台账"


def test_axis_ids_are_what_the_schema_wants(made):
    ids = [
        int(one.get("val"))
        for page in opened(made).slides
        for chart in charts_of(page)
        for one in chart._chartSpace.iter(qn("c:axId"), qn("c:crossAx"))
    ]
    assert min(ids) >= 0


# --- templates ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_gives_its_paper_fonts_and_layouts_and_none_of_its_samples(name, showings):
    given = TEMPLATES[name]()
    source = opened(as_presentation(given))
    made = opened(deck.build(showings[1:], given))
    assert (made.slide_width, made.slide_height) == (source.slide_width, source.slide_height)
    assert theme_fonts(made) == theme_fonts(source)
    assert {page.slide_layout.name for page in made.slides} <= {layout.name for layout in source.slide_layouts}
    assert len(made.slides) == len(showings[1].slides)
    whole = "".join(text_of(page) for page in made.slides)
    assert "样张" not in whole
    assert b"sectionLst" not in etree.tostring(made.part._element)


def as_presentation(data: bytes) -> bytes:
    return changed(data, TYPES, lambda text: text.replace(b"template.main+xml", b"presentation.main+xml"))


def theme_fonts(presentation) -> list[str]:
    part = presentation.slide_master.part.part_related_by(
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"
    )
    return [one.get("typeface") for one in etree.fromstring(part.blob).iterfind(".//{*}fontScheme/*/*")]


def test_on_a_ground_that_is_not_ours_content_stands_on_ground_that_is(showings):
    """On black: a card in our ground under all content, every colour of a text readable on it."""
    made = opened(deck.build(showings[:1], black()))
    ground = palette.surfaces("room")["ground"]
    for page in made.slides:
        card = next(shape for shape in page.shapes if not shape.is_placeholder)
        assert f"#{card.fill.fore_color.rgb}" == ground
        inside = [shape for shape in page.shapes if shape.element is not page.shapes.title.element]
        for shape in inside:
            assert card.left <= shape.left, shape.name
            assert card.top <= shape.top, shape.name
            assert shape.top + shape.height <= card.top + card.height + 1, shape.name
        for run in page.shapes._spTree.iter(qn("a:r")):
            colour = run.xpath("./a:rPr/a:solidFill/a:srgbClr/@val")
            if colour and not run.xpath("ancestor::p:sp/p:spPr/a:solidFill | ancestor::a:tc"):
                assert palette.contrast(f"#{colour[0]}", ground) >= 7


def refusals() -> dict[str, bytes]:
    """A template for every reason to refuse one."""
    good = black()
    locked = bytearray(good)
    locked[6] |= 1  # the first part says that it has a password
    place = locked.rfind(b"PK\x01\x02", 0, locked.find(b"PK\x01\x02") + 4)
    locked[place + 8] |= 1
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    bomb = changed(good, "", bytes, {"ppt/media/image9.png": bytes(64 << 20)})
    without = opened(good)
    for layout in without.slide_layouts:
        for shape in list(layout.placeholders):
            if shape.placeholder_format.type in (1, 3):
                shape.element.getparent().remove(shape.element)
    out = io.BytesIO()
    without.save(out)
    dtd = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>'
    return {
        "too_large": b"PK" + bytes(31 << 20),
        "encrypted": ole + "EncryptedPackage".encode("utf-16-le"),
        "macros": changed(good, "", bytes, {"ppt/vbaProject.bin": b"x"}),
        "old_format": ole,
        "not_a_deck": b"%PDF-1.7 a paper",
        "broken": good[: len(good) // 2],
        "zip_bomb": bomb,
        "entities": changed(good, "ppt/presProps.xml", lambda text: dtd + text.split(b"?>", 1)[1]),
        "no_title": out.getvalue(),
    }


REFUSALS = refusals()
TYPES = "[Content_Types].xml"
WITH_MACROS = b"ms-powerpoint.template.macroEnabled.main+xml"
MAIN = b"openxmlformats-officedocument.presentationml.presentation.main+xml"


@pytest.mark.parametrize("code", REFUSALS)
def test_a_template_that_cannot_be_used_is_refused_in_one_sentence(code, showings):
    with pytest.raises(deck.TemplateRefused) as caught:
        deck.build(showings, REFUSALS[code])
    assert caught.value.code == code
    for lang, end in (("zh", "。"), ("en", ".")):
        said = language(lang)(caught.value.words[0], **caught.value.words[1])
        assert said.endswith(end)
        assert not set("{}") & set(said)


@pytest.mark.parametrize(
    ("code", "template"),
    [
        ("macros", changed(black(), TYPES, lambda text: text.replace(MAIN, WITH_MACROS))),
        ("not_a_deck", b""),
        ("not_a_deck", b"PK\x05\x06" + bytes(18)),
        ("broken", changed(black(), "ppt/presentation.xml", lambda text: text[: len(text) // 2])),
        ("broken", changed(black(), "ppt/slideMasters/slideMaster1.xml", lambda _: b"<a/>")),
    ],
)
def test_other_bad_templates_are_refused_too(code, template, showings):
    with pytest.raises(deck.TemplateRefused) as caught:
        deck.build(showings, template)
    assert caught.value.code == code


def test_every_reason_to_refuse_a_template_is_tried():
    words = {key.removeprefix("deck.refused_") for key in words_of("zh") if key.startswith("deck.refused_")}
    assert words == REFUSALS.keys()


def test_a_title_that_stands_low_or_narrow_leaves_room_for_the_content():
    """The title at the left edge, as high as the slide: content finds half of the slide at least."""
    given = opened(black())
    for layout in given.slide_layouts:
        for shape in layout.placeholders:
            if shape.placeholder_format.type in (1, 3):
                shape.left, shape.top, shape.width, shape.height = 0, given.slide_height // 3, 2_000_000, 3_000_000
    out = io.BytesIO()
    given.save(out)
    used = templates.of_office(out.getvalue())
    for is_cover in (True, False):
        frame = used.frame(is_cover)
        assert frame.body.width > 0.8 * given.slide_width / 12700
        assert frame.body.height > 0.5 * given.slide_height / 12700


# --- what people may have written --------------------------------------------------------------------------------

FORMULA, CONTROL = "=cmd|'/c calc'!A0", "甲\x00\x07乙\x1b\ud800丙\u202e丁\ufffe"
LONG, MARKUP = "很长的说明" * 300, '<a:t>&amp;"x"]]></a:t>'
HOSTILE = (FORMULA, CONTROL, LONG, MARKUP, "W" * 900, "_x0041_\t\r\n第二行")


def with_body(showing: Showing, body, **more) -> Showing:
    """The showing with one slide, its drawing another."""
    slide = next(one for one in showing.slides if isinstance(one.body, Table) and not one.is_cover)
    own = replace(slide, body=body, widths=(), figures=None, remarks=(), part=(1, 1))
    return replace(showing, slides=(replace(own, **more),))


def hostile_bodies() -> list:
    series = tuple(Series(text, (1.0, None), tone) for text, tone in zip(HOSTILE, ("done", "late") * 3, strict=True))
    days = (dt.date(2019, 9, 1), dt.date(2019, 9, 8))
    rows = tuple((Cell(text, "late", "×"), Cell(text), Cell("1", is_number=True)) for text in HOSTILE)
    return [
        Bars(tuple(Bar(text, 1.0, text) for text in HOSTILE), FORMULA),
        StackedBars((FORMULA, CONTROL), series, FORMULA, (MARKUP, LONG)),
        Line(days, series, FORMULA, (Mark(days[0], LONG), Mark(days[1], FORMULA))),
        Table(HOSTILE[:3], rows, ""),
        Figures(tuple(Figure(text, text, text, text, passport="X") for text in HOSTILE[:4])),
    ]


@pytest.mark.parametrize("body", hostile_bodies(), ids=lambda one: type(one).__name__)
def test_hostile_texts_survive_as_text(body, showings, tmp_path):
    said = {"title": CONTROL + LONG, "caption": LONG, "remarks": HOSTILE, "restated": HOSTILE, "note": CONTROL}
    one = with_body(showings[0], body, **said)
    path = tmp_path / "deck.pptx"
    path.write_bytes(deck.build([one]))
    assert [str(error) for error in OpenXmlValidator().validate(path).errors] == []
    (page,) = opened(path.read_bytes()).slides
    assert page.shapes.title.text_frame.text.startswith("甲乙丙\ufffd丁")  # a mark for what would turn the letters
    high = opened(path.read_bytes()).slide_height
    assert all(shape.top + shape.height <= high + 1 for shape in leaves(page.shapes))
    assert "甲乙丙\ufffd丁" in page.notes_slide.notes_text_frame.text
    for chart in charts_of(page):
        book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
        cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
        assert not any(cell.data_type == "f" or cell.hyperlink for cell in cells)
        assert any(str(cell.value).startswith("=cmd") for cell in cells)


def test_names_of_four_letters_on_a_crowded_map_stand_closer_and_whole(showings, tmp_path):
    """216 towns on one slide: a tile has room for three and a half letters of the least size."""
    tiles = tuple(
        Tile(f"{row}-{col}", "南京西路", row, col, "G", "visited", "南京西路街道")
        for row in range(16)
        for col in range(20)
    )
    one = with_body(showings[0], TileMap(tiles, (), (LegendEntry("visited", "已走访", "done", "✓", 320),)))
    path = tmp_path / "deck.pptx"
    path.write_bytes(deck.build([one]))
    assert [str(error) for error in OpenXmlValidator().validate(path).errors] == []
    (page,) = opened(path.read_bytes()).slides
    drawn = [one for one in leaves(page.shapes) if one.name == "南京西路"]
    assert {one.text_frame.text for one in drawn} == {"南京西路"}
    assert all(-300 < int(found) < 0 for one in drawn for found in one._element.xpath(".//a:rPr/@spc"))
    assert len(drawn) == 320


def test_a_map_whose_tiles_hold_no_names_has_none_and_says_where_they_are(showings):
    """400 towns with long names: half a name is noise; every tile still says its own to those who pick it."""
    tiles = tuple(
        Tile(f"{row}-{col}", "Xiaowangguozhuang", row, col, "G", "visited", "")
        for row in range(16)
        for col in range(25)
    )
    one = with_body(showings[1], TileMap(tiles, (), (LegendEntry("visited", "Visited", "done", "✓", 400),)))
    (page,) = opened(deck.build([one])).slides
    drawn = [one for one in leaves(page.shapes) if one.name == "Xiaowangguozhuang"]
    assert {one.text_frame.text for one in drawn} == {"✓"}
    assert {one._element.xpath(".//p:cNvPr/@descr")[0] for one in drawn} == {"Xiaowangguozhuang Visited"}
    assert "no room for names" in text_of(page)


# --- gaps and unknowns -------------------------------------------------------------------------------------------


def test_a_week_without_data_is_a_gap_and_says_so(showings):
    days = tuple(dt.date(2019, 9, 6) + dt.timedelta(weeks=week) for week in range(5))
    line = Line(days, (Series("未销号", (5.0, None, 3.0, 2.0, 2.0), "moving"),), "条", gaps=((days[2], days[3]),))
    (page,) = opened(deck.build([with_body(showings[0], line)])).slides
    (chart,) = charts_of(page)
    assert chart._chartSpace.find(f".//{qn('c:dispBlanksAs')}").get("val") == "gap"
    assert tuple(chart.plots[0].series[0].values) == (5.0, None, 3.0, None, 2.0, 2.0)
    told = [one._element.xpath(".//p:cNvPr")[0].get("descr") or "" for one in page.shapes]
    assert any("2019-09-20 至 2019-09-27 没有数据" in words for words in told)


@pytest.mark.parametrize("values", [(22.0, 9.0), (19.0, 3.0), (2.0, 1.0), (0.6, 0.25), (0.0, None)])
def test_a_line_has_the_same_axis_on_a_slide_on_the_screen_and_on_paper(values, showings):
    days = (dt.date(2019, 9, 6), dt.date(2019, 9, 13))
    line = Line(days, (Series("未销号", values, "moving"),), "条")
    (page,) = opened(deck.build([with_body(showings[0], line)])).slides
    (chart,) = charts_of(page)
    on_slide = (chart.value_axis.maximum_scale, chart.value_axis.major_unit)
    on_screen = html.plotted(line, "light")["layout"]["yaxis"]
    assert on_slide == pytest.approx((on_screen["range"][1], on_screen["dtick"]))
    on_paper = re.findall(">([^<>]+)</text>", svg.drawn(line, "light", 482, 300, 8.5))
    steps = [f"{on_slide[1] * place:g}" for place in range(int(on_slide[0] / on_slide[1] * 1.0001) + 1)]
    assert on_paper[: len(steps)] == steps


def test_a_value_at_the_very_top_has_room_for_its_words_above_it(showings):
    days = (dt.date(2019, 9, 6), dt.date(2019, 9, 13))
    marks = tuple(Mark(days[0] + dt.timedelta(days=day), f"第 {day} 次汇报会的日子") for day in range(3))
    line = Line(days, (Series("总数", (23.0, 23.0), "faint"), Series("未销号", (22.5, 22.5), "moving")), "条", marks)
    (page,) = opened(deck.build([with_body(showings[0], line)])).slides
    (frame,) = (shape for shape in page.shapes if shape.has_chart)
    share = float(frame.chart._chartSpace.findall(f".//{qn('c:plotArea')}//{qn('c:h')}")[0].get("val"))
    above = (1 - 23 / frame.chart.value_axis.maximum_scale) * share * frame.height
    assert above >= 12700 * 14 * 1.34  # the largest of the words beside a line, in points


def test_an_unknown_value_is_no_zero(showings):
    bars = Bars((Bar("甲", 0.0, "0"), Bar("乙", None, "未提供")), "次")
    stacked = StackedBars(("一", "二"), (Series("已销号", (1.0, None), "done"),), "条")
    (page,) = opened(deck.build([with_body(showings[0], bars)])).slides
    (chart,) = charts_of(page)
    assert tuple(chart.plots[0].series[0].values) == (0.0, None)
    assert f"乙 {SYMBOLS['unknown']} 未提供" in list(chart.plots[0].categories)
    (page,) = opened(deck.build([with_body(showings[0], stacked)])).slides
    assert "▨ 未提供：已销号" in list(charts_of(page)[0].plots[0].categories)[1]


def test_a_slide_with_nothing_to_show_says_so_and_one_restated_stands_out(showings):
    empty = with_body(showings[0], None, is_empty=True, remarks=("没有逾期的措施",))
    (page,) = opened(deck.build([empty])).slides
    said = next(shape for shape in page.shapes if shape.has_text_frame and shape.text_frame.text == "没有逾期的措施")
    assert said.text_frame.paragraphs[0].runs[0].font.size.pt >= 20
    then = "当时 82%，现为 79%"
    (page,) = opened(deck.build([with_body(showings[0], None, restated=(then,))])).slides
    said = next(shape for shape in page.shapes if shape.has_text_frame and then in shape.text_frame.text)
    assert said.text_frame.text.startswith(SYMBOLS["soon"])
    assert said.fill.fore_color.rgb is not None


def test_a_table_that_finds_no_room_counts_what_it_leaves_out(showings):
    rows = tuple((Cell("一条很长的措施，需要两行才放得下" * 3), Cell(str(number))) for number in range(60))
    (page,) = opened(deck.build([with_body(showings[0], Table(("措施", "数"), rows, ""))])).slides
    left = 60 - (len(tables_of(page)[0].rows) - 1)
    assert left > 0
    said = next(one for one in page.shapes if one.has_text_frame and f"另外 {left} 行" in one.text_frame.text)
    frame = next(one for one in page.shapes if getattr(one, "has_table", False) and one.has_table)
    assert frame.top + frame.height <= said.top


# --- room --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lines"),
    [("", 1), ("甲" * 10, 1), ("甲" * 11, 2), ("甲\n乙", 2), ("word " * 3, 1), ("W" * 60, 6), ("甲 " + "W" * 11, 2)],
)
def test_lines_are_counted_as_they_break(text, lines):
    assert line_count(text, 10.3 * 12, 12) == lines


def test_a_shortened_text_fits_and_says_that_it_was_cut():
    for text in ("甲乙丙丁" * 40, "several words " * 40, "W" * 300):
        held = shortened(text, 100, 12, 2)
        assert line_count(held, 100, 12) <= 2
        assert held.endswith("…")
        assert text.startswith(held[:3])
    assert shortened("短", 100, 12, 2) == "短"


def test_columns_share_a_box():
    left, right = Box(10, 10, 100, 50).columns(2, 20)
    assert (left.right, right.left, right.right) == (50, 70, 110)
