"""The paper, read back: every number and word of the slides, tagged, in its language, the same every time."""

import io
import re
from dataclasses import replace
from functools import lru_cache

import pytest
from papers import a_meeting, hostile, points_of, said_by, showings_of, squeezed
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from taizhang.declared.wording import language
from taizhang.drawing.shapes import Bar, Bars, Figure, Figures, LaneCard, Lanes, Line, Mark, Passage, Series, Table
from taizhang.drawing.twins import as_table
from taizhang.exhibits.catalogue import CATALOGUE, exhibit
from taizhang.exhibits.views import Choices, look
from taizhang.showing import handouts, slides
from taizhang.showing.meetings import ScriptLine
from taizhang.showing.papers import paper, typeset
from taizhang.showing.slides import Showing

MARKUP = '#strong[甲] $x^2$ *乙* _丙_ `丁` <start-0> @ref // "戊" \\n \\u{41} #{panic()} [己] &amp; = 标题'
TAGS = {"zh": "zh-CN", "en": "en"}


@pytest.fixture(scope="module")
def demo(demo_store) -> dict[str, Showing]:
    meeting = a_meeting(demo_store)
    return {lang: showings_of(demo_store, meeting, lang)[0] for lang in TAGS}


@pytest.fixture(scope="module")
def made(demo) -> dict[str, bytes]:
    return {lang: paper.build([showing]) for lang, showing in demo.items()}


@lru_cache(maxsize=4)  # test after test reads the same two papers
def opened(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


@lru_cache(maxsize=4)
def pages_of(data: bytes) -> list[str]:
    """The text of every page."""
    return [bare(page.extract_text()) for page in opened(data).pages]


def text_of(data: bytes) -> str:
    return "".join(pages_of(data))


def bare(text: str) -> str:
    """A text without white space and without hyphens, since a word may be divided at the end of a line."""
    return squeezed(text).replace("-", "").replace("\u200b", "")


def missing(showing: Showing, text: str) -> list[str]:
    """What the slides say and the paper does not."""
    return [one for one in said_by(showing) if bare(one) not in text]


def tagged(data: bytes) -> list[DictionaryObject]:
    """Every element of the structure, in reading order."""
    found = []

    def walk(one) -> None:
        one = one.get_object()
        if isinstance(one, list):
            for each in one:
                walk(each)
        elif isinstance(one, DictionaryObject):
            if "/S" in one:
                found.append(one)
            if "/K" in one:
                walk(one["/K"])

    walk(opened(data).trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def titles(data: bytes) -> list[str]:
    def walk(items) -> list[str]:
        return [title for one in items for title in (walk(one) if isinstance(one, list) else [one.title])]

    return walk(opened(data).outline)


def of(showing: Showing, *names: str, store, lang: str = "zh") -> Showing:
    """The same meeting with a script of its own."""
    script = tuple(ScriptLine((name,)) for name in names)
    return showings_of(store, replace(showing.meeting, script=script), lang)[0]


# --- what it says ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", TAGS)
def test_every_number_and_word_of_the_slides_can_be_read_back(demo, made, lang):
    assert missing(demo[lang], text_of(made[lang])) == []


@pytest.mark.parametrize("lang", TAGS)
def test_every_point_of_a_line_stands_in_the_table_below_it(demo, made, lang):
    [line] = [slide.body for slide in demo[lang].slides if isinstance(slide.body, Line)]
    table = as_table(line, demo[lang].view.t)
    read = {
        (name, row[0].text, float(cell.text))
        for row in table.rows
        for name, cell in zip(table.columns[1:-1], row[1:-1], strict=True)
        if cell.text != "—"
    }
    assert read == set(points_of(line))
    text = text_of(made[lang])
    assert [row for row in rows(table) if bare("".join(row)) not in text] == []


def test_a_list_the_slides_cut_is_whole(demo, demo_store, monkeypatch):
    monkeypatch.setattr(slides, "MOST_PAGES", 1)
    meeting = replace(demo["zh"].meeting, script=(ScriptLine(("meeting.results", "meeting.result_list")),))
    showing = slides.show(demo_store, meeting, "zh")
    [slide, _closing] = showing.slides
    whole = slide.exhibits[-1].shape
    assert len(slide.body.rows) < len(whole.rows)
    text = text_of(paper.build([showing]))
    assert [row[2].text for row in whole.rows if bare(row[2].text) not in text] == []


@pytest.mark.parametrize("lang", TAGS)
def test_the_first_page_says_whose_when_and_of_which_data(demo, made, lang):
    t, view = demo[lang].view.t, demo[lang].view
    first = pages_of(made[lang])[0]
    for words in (
        "第四次推进会",
        t.day(view.as_of),
        t.day(view.compare_on),
        t("common.demo_note"),
        "同意延期。",
        "办公室",
        t("frame.release_short", number=view.release.number),
        t("paper.commitments"),
        "完成轮训",
        "70%",
        "2019-12-06",
    ):
        assert bare(words) in first, words


@pytest.mark.parametrize("lang", TAGS)
def test_no_day_stands_on_two_lines(made, lang):
    parted = {"zh": r"\d+月\d*\n\s*\d*日|\d{4}-(\d\d-)?\n\d\d", "en": r"\d+\n(Oct|Nov|Dec)\b|\d{4}-(\d\d-)?\n\d\d"}
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(made[lang])).pages]
    assert [found[0] for text in pages for found in re.finditer(parted[lang], text)] == []


@pytest.mark.parametrize("lang", TAGS)
def test_what_is_to_be_made_clear_stands_before_the_contents(demo, made, lang):
    first, told = pages_of(made[lang])[0], demo[lang].slides[0].opening
    contents = first.index(bare(demo[lang].view.t("paper.contents")))
    assert len(told) == 3
    for one in told:
        assert first.index(bare(one.label)) < contents
    assert first.index(bare(told[0].value)) < contents


@pytest.mark.parametrize("lang", TAGS)
def test_every_page_says_title_day_release_demo_mark_and_its_number(demo, made, lang):
    t, view = demo[lang].view.t, demo[lang].view
    pages = pages_of(made[lang])
    for page, text in enumerate(pages, start=1):
        release = t("frame.release_short", number=view.release.number)
        day, number = t("frame.said_as_of", day=view.as_of), f"{page}/{len(pages)}"
        for words in ("第四次推进会", day, release, t("common.demo_note"), number):
            assert bare(words) in text, (page, words)


@pytest.mark.parametrize("lang", TAGS)
def test_questions_stand_in_words_and_never_by_the_names_of_their_files(demo, made, lang):
    asked = [answer.query for one in demo[lang].slides for exhibit in one.exhibits for answer in exhibit.answers]
    text, of_files = text_of(made[lang]), {query.name for query in asked if "_" in query.name}
    assert len(of_files) > 5
    assert [name for name in of_files if name in text] == []
    assert all(bare(demo[lang].view.t.of(query.title)) in text for query in asked)


def test_notes_remarks_corrections_and_definitions_are_printed(demo):
    showing = demo["zh"]
    said = "当时 82%，现为 79%（第 14 版更正了 12 行）"
    slides = (replace(showing.slides[0], restated=(said,)), *showing.slides[1:])
    text = text_of(paper.build([replace(showing, slides=slides)]))
    assert bare(said) in text
    assert bare(f"{language('zh')('paper.note')} 先说承诺。") in text
    assert bare("已销号的立行立改和限期整改措施 ÷ 全部立行立改和限期整改措施") in text
    remarks = [exhibit.note for slide in slides for exhibit in slide.exhibits if exhibit.note]
    assert len(remarks) > 1
    assert [one for one in remarks if bare(one) not in text] == []


def test_the_article_alone_makes_a_paper_that_claims_nothing(article_store):
    meeting = handouts.unplanned(article_store, "zh")
    for lang in TAGS:
        [showing] = showings_of(article_store, meeting, lang)
        text = text_of(paper.build([showing]))
        assert missing(showing, text) == []
        assert bare(showing.view.t("common.demo")) not in text


# --- how it is made --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", TAGS)
def test_it_is_tagged_in_its_language_with_a_title_and_a_text_for_every_drawing(demo, made, lang):
    root = opened(made[lang]).trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == (TAGS[lang], True)
    assert opened(made[lang]).metadata.title == "第四次推进会"
    assert "pdfuaid:part" in root["/Metadata"].get_data().decode()
    elements = tagged(made[lang])
    drawings = [one for one in elements if one["/S"] == "/Figure"]
    drawn = [slide for slide in demo[lang].slides if slide.body and not isinstance(slide.body, (Table, Lanes, Figures))]
    assert len(drawings) == len(drawn) > 2
    assert all(slide.title in one["/Alt"] for one, slide in zip(drawings, drawn, strict=True))
    assert {"/H1", "/H2", "/Table", "/TH"} <= {one["/S"] for one in elements}


@pytest.mark.parametrize("lang", TAGS)
def test_the_outline_lists_every_finding(demo, made, lang):
    told = titles(made[lang])
    assert told[0] == "第四次推进会"
    assert set(told) >= {slide.title for slide in demo[lang].slides if slide.exhibits}


def test_both_languages_follow_each_other_in_one_file(demo, made):
    both = paper.build([demo["zh"], demo["en"]])
    assert titles(both) == titles(made["zh"]) + titles(made["en"])
    foreign = {one["/Lang"] for one in tagged(both) if "/Lang" in one}
    assert (opened(both).trailer["/Root"]["/Lang"], foreign) == ("zh-CN", {"en"})


def test_the_same_meeting_gives_the_same_bytes_and_tells_how_far_it_is(demo, made):
    told = []
    assert paper.build([demo["zh"]], tell=lambda *said: told.append(said)) == made["zh"]
    assert told == [(done, told[-1][1]) for done in range(1, told[-1][1] + 1)]


def test_a_long_list_repeats_its_head_and_says_what_is_left_out(demo, demo_store):
    showing = of(demo["zh"], "rectification.ledger", store=demo_store)
    [slide, *_] = showing.slides
    whole = slide.exhibits[-1]
    row = whole.shape.rows[0]
    rows = tuple((replace(row[0], text=f"CS-{place:05}"), *row[1:]) for place in range(10_000))
    long = replace(whole, shape=replace(whole.shape, rows=rows))
    data = paper.build([replace(showing, slides=(replace(slide, part=(1, 1), exhibits=(long,)),))])
    pages = [page for page in pages_of(data) if "CS00" in page]
    head = "".join(whole.shape.columns[:4])
    assert len(pages) > 3
    assert all(head in page for page in pages)
    text = "".join(pages)
    assert bare(language("zh")("paper.more", shown=200, rest=9800)) in text
    assert ("CS00199" in text, "CS00200" in text) == (True, False)


def test_texts_are_printed_as_they_are(demo):
    showing = demo["zh"]
    said = {"title": MARKUP, "caption": MARKUP, "note": MARKUP, "restated": (MARKUP,), "remarks": (MARKUP,)}
    meeting = replace(showing.meeting, title=MARKUP, note=MARKUP, units=(MARKUP,))
    slides = tuple(replace(slide, **said, is_empty=True) for slide in showing.slides[:2])
    text = text_of(paper.build([replace(showing, meeting=meeting, slides=slides)]))
    assert text.count(bare(MARKUP)) >= 3 + 2 * len(said)


def test_no_text_breaks_the_paper(demo):
    assert text_of(paper.build([hostile(demo["en"])])).count("window.caught=1") > 20


def test_a_letter_no_font_has_costs_the_claim_and_not_the_paper(demo):
    showing = demo["zh"]
    meeting = replace(showing.meeting, title="\U0010fffd 第五次推进会")
    rare = replace(showing, meeting=meeting, slides=showing.slides[:1])
    data = paper.build([rare])
    assert "第五次推进会" in text_of(data)
    assert opened(data).trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_every_exhibit_of_the_catalogue_can_be_on_the_paper(demo, demo_store):
    showing = of(demo["en"], *CATALOGUE, store=demo_store, lang="en")
    assert missing(showing, text_of(paper.build([showing]))) == []


def test_without_a_font_that_writes_chinese_one_sentence_says_what_to_install(demo, monkeypatch):
    monkeypatch.setattr(typeset, "FAMILIES", ("No Such Font",))
    for make in (lambda: paper.build([demo["zh"]]), lambda: typeset.png("<svg/>", 10)):
        with pytest.raises(typeset.FontsMissing) as caught:
            make()
        key, blanks = caught.value.words
        assert all("fonts-noto-cjk" in language(lang)(key, **blanks) for lang in TAGS)


def test_a_picture_is_as_wide_as_asked_at_print_resolution():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10"/></svg>'
    data = typeset.png(svg, 127)
    assert data == typeset.png(svg, 127)
    assert [int.from_bytes(data[at : at + 4]) for at in (16, 20)] == [1000, 500]


# --- drawings as tables ----------------------------------------------------------------------------------------


def rows(table: Table) -> list[tuple[str, ...]]:
    return [tuple(cell.text for cell in row) for row in table.rows]


def test_a_gap_is_a_row_without_values_and_a_mark_stands_beside_its_day(demo_store):
    t = language("zh")
    first, last = (look(demo_store, Choices()).as_of.replace(day=day) for day in (1, 22))
    shape = Line(
        (first, last),
        (Series("未销号", (9, None)),),
        "条",
        (Mark(first, "汇报会"), Mark(last.replace(day=2), "上传")),
        gaps=((first.replace(day=8), first.replace(day=15)),),
    )
    assert rows(as_table(shape, t)) == [
        ("2019-11-01", "9", "汇报会"),
        ("2019-11-02", "—", "上传"),
        ("2019-11-08 – 2019-11-15", "—", ""),
        ("2019-11-22", "—", ""),
    ]


@pytest.mark.parametrize("lang", TAGS)
def test_the_table_of_the_map_has_every_town_in_its_district_and_state(demo_store, lang):
    shape = exhibit("research.map", look(demo_store, Choices(lang=lang))).shape
    t = language(lang)
    table = as_table(shape, t)
    counts = [
        sum(len(row[place].text.split(t("common.comma"))) for row in table.rows if row[place].text != "—")
        for place in range(2, len(table.columns))
    ]
    assert counts == [entry.count for entry in shape.legend]
    assert [row[0].text for row in table.rows] == [group.label for group in shape.groups]


def test_bars_keep_their_value_where_their_words_do_not_say_it():
    t = language("zh")
    assert rows(as_table(Bars((Bar("甲", 3, "3/4"), Bar("乙", None, "—")), "条"), t)) == [("甲", "3/4"), ("乙", "—")]
    assert rows(as_table(Bars((Bar("甲", 3, "四分之三"),), "条"), t)) == [("甲", "3", "四分之三")]


def test_words_and_numbers_are_tables_too():
    t = language("zh")
    assert rows(as_table(Figures((Figure("走访", "11/16", "占比 68.7%", "+2", passport="K7"),)), t)) == [
        ("走访", "11/16", "占比 68.7%", "+2", "K7")
    ]
    assert rows(as_table(Lanes((LaneCard("调研", "research", "7", "课题", ("甲", "乙")),)), t)) == [
        ("调研", "7", "课题", "甲\n乙", "")
    ]
    assert rows(as_table(Passage("原文", ()), t)) == [("原文",)]
