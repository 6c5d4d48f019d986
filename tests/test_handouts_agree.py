"""Every number of the slides stands in every handout, in both languages, and is the number of its answer."""

import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from html.parser import HTMLParser

import pytest
from docx import Document
from lxml import etree
from openpyxl import load_workbook
from pptx import Presentation
from pypdf import PdfReader

from taizhang.declared.headers import LANGUAGES
from taizhang.drawing.shapes import Bars, Figures, Lanes, Line, Matrix, StackedBars, Table, TileMap, Timeline
from taizhang.exhibits.kpis import kpi
from taizhang.showing import handouts, slides
from taizhang.showing.slides import Showing, Slide
from taizhang.store import Store

ANNEX = ("meeting.definitions",)  # an annex of the brief has a heading of its own
NEAR = 400  # characters


@pytest.fixture(scope="module")
def store(demo_store, tmp_path_factory) -> Store:
    return Store(shutil.copytree(demo_store.folder, tmp_path_factory.mktemp("agree") / "store"))


@pytest.fixture(scope="module", params=LANGUAGES)
def showing(store, request) -> Showing:
    return slides.show(store, handouts.unplanned(store, request.param), request.param)


@pytest.fixture(scope="module")
def made(store, showing) -> dict[str, bytes]:
    lang = showing.view.t.code
    return {kind: handouts.make(kind, store, showing.meeting, lang) for kind in handouts.KINDS}


# --- what must be there ----------------------------------------------------------------------------------------


def said(slide: Slide) -> Iterator[str]:
    """Every text with a number in it that a room sees on a slide, beside the values of its chart."""
    yield slide.title
    if slide.figures:
        yield from (text for item in slide.figures.items for text in (item.value, item.detail, item.change))
    match slide.body:
        case Bars(items=items):
            yield from (item.text for item in items)
        case StackedBars(notes=notes):
            yield from notes
        case Table(rows=rows):
            yield from (cell.text for row in rows for cell in row)
        case Lanes(items=items):
            yield from (text for item in items for text in (item.lead, *item.lines))
        case Matrix(cells=cells):
            yield from (cell.text for row in cells for cell in row)
        case TileMap(groups=groups, legend=legend):
            yield from (group.count for group in groups)
            yield from (str(entry.count) for entry in legend)
        case Timeline(happenings=happenings):
            yield from (one.when for one in happenings)


def numbers(slide: Slide) -> list[str]:
    """What must be found again; parts that a dot joins on screen may stand in a sentence with other points between."""
    parts = (part for text in said(slide) for part in text.split("·"))
    return [part.strip() for part in parts if re.search(r"\d", part) and not part.strip().endswith("…")]


def values(slide: Slide) -> list[float]:
    """The numbers a chart is drawn from."""
    match slide.body:
        case Line(series=series) | StackedBars(series=series):
            return [value for one in series for value in one.values if value is not None]
        case Bars(items=items):
            return [item.value for item in items if item.value is not None]
    return []


def figures(showing: Showing) -> list[tuple[str, str, str]]:
    """(passport, label, value) of every headline figure."""
    shapes = [slide.figures or slide.body for slide in showing.slides]
    return [
        (item.passport, item.label, item.value if isinstance(shape, Figures) else item.lead)
        for shape in shapes
        if isinstance(shape, Figures | Lanes)
        for item in shape.items
    ]


def test_a_figure_is_the_number_of_its_answer(showing):
    """The headline shares are what the answer says, put as people say them."""
    t, answer = showing.view.t, showing.view.ask("kpis")
    overall = next(slide for slide in showing.slides if slide.name == "overview.headline")
    closed, late, towns, answered = overall.figures.items
    for item, code in ((closed, "K03"), (towns, "K23"), (answered, "K28")):
        one = kpi(answer, code)
        assert item.value == f"{one.numerator}/{one.denominator - one.unknown}"
        cut = Decimal(one.numerator) / (one.denominator - one.unknown) - one.value  # an answer keeps four places
        assert abs(cut) < Decimal("0.0001")
        assert t.percent(one.value) in item.detail
    assert Decimal(late.value) == kpi(answer, "K09").value


# --- what is there ---------------------------------------------------------------------------------------------


def bare(text: str) -> str:
    """A text without spaces and line ends, which every form of paper puts where it likes."""
    return re.sub(r"[\s\u200b\u2060\u00ad]+", "", text)


class _Texts(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found: list[str] = []
        self.json: list[str] = []
        self._in = ""

    def handle_starttag(self, tag, attrs):
        self._in = tag
        self.found.extend(value for name, value in attrs if name in ("alt", "aria-label", "title") and value)

    def handle_endtag(self, tag):
        self._in = ""

    def handle_data(self, data):
        if self._in == "script":
            self.json.append(data)
        elif self._in != "style":
            self.found.append(data)


read_once = lru_cache(maxsize=4)  # several tests ask the same file for its text


@read_once
def text_of_deck(data: bytes) -> str:
    """The slides' own texts and those in their charts (labels of bars), not the notes."""
    found = []
    for slide in Presentation(io.BytesIO(data)).slides:
        charts = [shape.chart._chartSpace for shape in slide.shapes if shape.has_chart]
        found.extend("".join(element.itertext()) for element in (slide._element, *charts))
    return bare("\n".join(found))


@read_once
def text_of_brief(data: bytes) -> str:
    body = Document(io.BytesIO(data)).element.body
    return bare("".join(body.itertext()))


@read_once
def text_of_paper(data: bytes) -> str:
    return bare("".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages))


@read_once
def text_of_snapshot(data: bytes) -> str:
    parser = _Texts()
    parser.feed(data.decode("utf-8"))
    return bare("".join(parser.found))


@read_once
def text_of_ledger(data: bytes) -> str:
    book = load_workbook(io.BytesIO(data))
    cells = (cell.value for sheet in book for row in sheet.iter_rows() for cell in row)
    return bare("\n".join(str(value) for value in cells if value is not None))


TEXT_OF = {
    "deck": text_of_deck,
    "brief": text_of_brief,
    "paper": text_of_paper,
    "snapshot": text_of_snapshot,
    "ledger": text_of_ledger,
}


@pytest.mark.parametrize("kind", ["deck", "paper", "snapshot", "brief"])
def test_every_number_of_every_slide_is_there(kind, made, showing):
    text = TEXT_OF[kind](made[kind])
    left_out = ANNEX if kind == "brief" else ()
    shown = [slide for slide in showing.slides if slide.name not in left_out]
    assert [(slide.name, said) for slide in shown for said in numbers(slide) if bare(said) not in text] == []


@pytest.mark.parametrize("kind", ["snapshot", "ledger"])
def test_every_figure_stands_with_its_code(kind, made, showing):
    """The code and the value of a figure stand in the same place, whatever the form."""
    text = TEXT_OF[kind](made[kind])
    for code, label, value in figures(showing):
        places = [found.start() for found in re.finditer(re.escape(code), text)]
        assert places, code
        near = [text[max(0, place - NEAR) : place + NEAR] for place in places]
        assert any(bare(value) in one and bare(label) in one for one in near), (code, label, value, near)


@pytest.mark.parametrize("kind", ["deck", "paper", "brief"])
def test_what_is_read_on_paper_has_one_code_a_slide_and_none_a_figure(kind, made, showing):
    text = TEXT_OF[kind](made[kind])
    assert [slide.passport for slide in showing.slides if slide.passport not in text] == []
    of_exhibits = {exhibit.passport for slide in showing.slides for exhibit in slide.exhibits}
    for code, label, value in figures(showing):
        assert {bare(label) in text, bare(value) in text} == {True}, (label, value)
        assert code in of_exhibits or code not in text, (label, code)


@pytest.mark.parametrize("kind", TEXT_OF)
def test_each_says_its_day_its_release_and_that_it_is_made_up(kind, made, showing):
    text, t = TEXT_OF[kind](made[kind]), showing.view.t
    headers = bare("".join(_headers(kind, made[kind])))
    assert bare(t.day(showing.view.as_of)) in text + headers
    assert str(showing.view.release.number) in text + headers
    assert bare(t("common.demo")) in text + headers or bare(t("common.demo_note")) in text + headers


def _headers(kind: str, data: bytes) -> Iterator[str]:
    """The texts in the headers and footers of a Word file or workbook, which are parts of their own."""
    if kind not in ("brief", "ledger"):
        return
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        for name in parts.namelist():
            if re.search(r"(header|footer)\d*\.xml|sheet\d+\.xml", name):
                yield "".join(etree.fromstring(parts.read(name)).itertext())


def test_the_charts_of_the_deck_hold_the_very_values(made, showing):
    """In the order of the slides, each native chart holds the numbers of its shape."""
    charts = [
        [value for plot in shape.chart.plots for one in plot.series for value in one.values if value is not None]
        for slide in Presentation(io.BytesIO(made["deck"])).slides
        for shape in slide.shapes
        if shape.has_chart
    ]
    drawn = [slide for slide in showing.slides if isinstance(slide.body, Line | StackedBars | Bars)]
    assert len(charts) == len(drawn)
    for held, slide in zip(charts, drawn, strict=True):
        left = list(held)
        for value in values(slide):
            assert value in left, (slide.name, value, held)
            left.remove(value)


def test_the_charts_of_the_snapshot_hold_the_very_values(made, showing):
    parser = _Texts()
    parser.feed(made["snapshot"].decode("utf-8"))
    joined = "".join(parser.json)
    held = [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?(?=[,\]])", joined)]
    for slide in showing.slides:
        if isinstance(slide.body, Line):
            assert all(value in held for value in values(slide)), slide.name


@pytest.mark.parametrize("kind", handouts.KINDS)
def test_the_same_meeting_gives_the_same_bytes(kind, store, made, showing):
    assert handouts.make(kind, store, showing.meeting, showing.view.t.code) == made[kind]


@pytest.mark.parametrize("kind", ["deck", "brief", "paper", "snapshot"])
def test_both_languages_stand_in_one_file(kind, store):
    meeting = handouts.unplanned(store, "zh")
    both = TEXT_OF[kind](handouts.make(kind, store, meeting, handouts.BOTH))
    for one in handouts.showings_of(store, meeting, handouts.BOTH):
        shown = [slide for slide in one.slides if slide.name not in ANNEX]
        assert [said for slide in shown for said in numbers(slide) if bare(said) not in both] == []
