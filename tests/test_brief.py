"""The brief says what the slides said, in the layout of GB/T 9704-2012, and opens in any word processor."""

import datetime as dt
import io
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace

import pypdf
import pytest
from openxml_audit import OpenXmlValidator
from papers import HOSTILE, a_meeting, hostile, lines_in, said_by, showings_of, squeezed

from taizhang.showing.papers import brief
from taizhang.showing.papers.official import Official

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MM = 1440 / 25.4  # twips


@pytest.fixture(scope="module")
def showings(demo_store):
    return showings_of(demo_store, a_meeting(demo_store), "zh", "en")


@pytest.fixture(scope="module")
def made(showings):
    return brief.build(showings)


def part(data: bytes, name: str) -> ET.Element:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return ET.fromstring(file.read(name))


def document(data: bytes) -> ET.Element:
    return part(data, "word/document.xml")


def text_of(element: ET.Element) -> str:
    """The text a reader sees or hears: runs and the texts of pictures."""
    said = [one.text or "" for one in element.iter(f"{W}t")]
    said += [one.get("descr") for one in element.iter() if one.tag.endswith("}docPr")]
    return squeezed("".join(said))


def styles(data: bytes) -> dict[str, ET.Element]:
    return {one.get(f"{W}styleId"): one for one in part(data, "word/styles.xml").iter(f"{W}style")}


def value(element: ET.Element, path: str, attribute: str = "val") -> str | None:
    found = element.find("/".join(W + step for step in path.split("/")))
    return None if found is None else found.get(W + attribute)


# --- the same numbers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [0, 1], ids=["zh", "en"])
def test_every_number_and_word_of_every_slide_is_in_the_brief(showings, place):
    showing = showings[place]
    text = text_of(document(brief.build([showing])))
    assert [said for said in said_by(showing) if squeezed(said) not in text] == []


def test_every_point_of_every_line_is_told_beside_its_picture(showings):
    text = text_of(document(brief.build(showings[:1])))
    for line in lines_in(showings[0]):
        for place, day in enumerate(line.days):
            values = [one.values[place] for one in line.series]
            told = ["—" if value is None else f"{value:g}" for value in values]
            named = [f"{one.name}{value}" for one, value in zip(line.series, told, strict=True)]
            assert squeezed("，".join([day.isoformat(), *named])) in text


def test_its_sentences_are_those_of_the_slides(made):
    text = text_of(document(made))
    for said in (
        "（一）17条应计措施已销号10条，1条逾期",
        "措施销号10/17，58.8%，含阶段性13/22，较11月22日持平；逾期措施1，临期2条，较11月22日持平；",
        "2.110of17countablemeasuresareclosed,1overdue",
        "Measuresclosed10/17(58.8%,stagedincluded13/22,unchangedsince22Nov)",
    ):
        assert said in text


def test_it_says_what_it_looks_at_what_was_promised_what_figures_mean_and_that_data_are_made_up(made):
    text = text_of(document(made))
    for said in (
        "数据截至2019-11-29，第13版，对比2019-11-22今天要说清3件事",
        "完成轮训",
        "走访台山市",
        "70%",
        "同意延期。",
        "2019年11月29日",
        "附：指标定义与数据说明",
        "K02整改措施数：",
        "taizhangpassport",
        "Annex:definitionsanddata",
    ):
        assert said in text
    assert "示例数据" in text_of(part(made, "word/header0.xml"))
    assert "demo data" in "".join(part(made, "word/header1.xml").itertext())


def test_chapters_are_numbered_in_the_order_of_the_script(made):
    headings = [
        "".join(one.itertext()) for one in document(made).iter(f"{W}p") if value(one, "pPr/pStyle") == "heading1-zh"
    ]
    numerals = [one.partition("、")[0] for one in headings]
    assert numerals == [*"一二三四五六七八九十", "十一"]
    assert headings[0] == "一、议定事项落实情况"
    assert headings[-1] == "十一、本次会议议定事项"


def test_a_long_list_is_cut_and_says_what_is_missing(showings):
    slide = next(one for one in showings[0].slides if one.part[1] > 1)
    shape = replace(slide.exhibits[-1].shape, rows=slide.exhibits[-1].shape.rows[:1] * 10_000)
    long = replace(slide, part=(1, 1), exhibits=(*slide.exhibits[:-1], replace(slide.exhibits[-1], shape=shape)))
    data = brief.build([replace(showings[0], slides=(long,))])
    assert f"其余{10_000 - brief.MOST_ROWS:,}项见台账。" in text_of(document(data))
    assert len(data) < 100_000


# --- the layout of the standard --------------------------------------------------------------------------------


def test_the_page_is_that_of_the_standard(made):
    page = document(made).find(f".//{W}sectPr")
    assert (value(page, "pgSz", "w"), value(page, "pgSz", "h")) == (str(round(210 * MM)), str(round(297 * MM)))
    margins = {side: value(page, "pgMar", side) for side in ("top", "right", "bottom", "left")}
    assert margins == {side: str(round(mm * MM)) for side, mm in zip(margins, (37, 26, 35, 28), strict=True)}
    assert (value(page, "docGrid", "type"), value(page, "docGrid", "linePitch")) == ("lines", "579")


def test_fonts_sizes_and_line_pitch_are_those_of_the_standard(made):
    declared = styles(made)
    for key, font, size in (
        ("title", "方正小标宋简体", 22),
        ("body", "仿宋_GB2312", 16),
        ("heading1", "黑体", 16),
        ("heading2", "楷体_GB2312", 16),
    ):
        style = declared[f"{key}-zh"]
        assert (value(style, "rPr/rFonts", "eastAsia"), value(style, "rPr/sz")) == (font, str(size * 2))
        assert value(style, "rPr/rFonts", "ascii") == value(style, "rPr/rFonts", "hAnsi") == "Times New Roman"
    spacing = declared["body-zh"].find(f"{W}pPr/{W}spacing")
    assert (spacing.get(f"{W}line"), spacing.get(f"{W}lineRule")) == ("579", "exact")
    assert value(declared["body-zh"], "pPr/ind", "firstLineChars") == "200"
    assert value(declared["body-zh"], "rPr/spacing") == "-5"


def test_headings_have_outline_levels_in_both_languages(made):
    levels = {key: value(style, "pPr/outlineLvl") for key, style in styles(made).items()}
    for lang in ("zh", "en"):
        assert (levels[f"heading1-{lang}"], levels[f"heading2-{lang}"], levels[f"body-{lang}"]) == ("0", "1", None)


def test_page_numbers_stand_outside_between_dashes(made):
    for side, align in (("odd", "right"), ("even", "left")):
        footer = part(made, f"word/footer0{side}.xml")
        assert "".join(footer.itertext()) == "—  PAGE 1 —"
        assert value(footer, "p/pPr/jc") == align
        assert value(footer, "p/r/rPr/sz") == "28"
    assert part(made, "word/settings.xml").find(f"{W}evenAndOddHeaders") is not None


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice to lay a page out")
def test_a_page_holds_22_lines_of_28_characters(tmp_path):
    paper = Official("国", dt.date(2019, 9, 13), ["zh"], "国")
    paper.begin("zh")
    paper.paragraph("国" * (28 * 22 * 2 - 2))  # the first line is indented by two
    (tmp_path / "grid.docx").write_bytes(paper.written())
    own = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", own, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "grid.docx"]
    subprocess.run(command, check=True, capture_output=True)
    pages = pypdf.PdfReader(tmp_path / "grid.pdf").pages
    counted = [[len(line) for line in re.findall("国+", page.extract_text())] for page in pages]
    assert counted == [[26] + [28] * 21, [28] * 22]


# --- for every reader and every program ------------------------------------------------------------------------


def test_every_table_repeats_its_heading_and_every_picture_says_what_is_on_it(made):
    root = document(made)
    tables = root.findall(f".//{W}tbl")
    assert tables
    for table in tables:
        first, *rest = table.findall(f"{W}tr")
        assert first.find(f"{W}trPr/{W}tblHeader") is not None
        assert rest
        assert not any(row.find(f"{W}trPr/{W}tblHeader") is not None for row in rest)
        assert value(table, "tblPr/tblCaption")
        assert sum(int(one.get(f"{W}w")) for one in table.iter(f"{W}gridCol")) <= 160 * MM
    pictures = [one for one in root.iter() if one.tag.endswith("}docPr")]
    assert len(pictures) == 4  # the map and the chart, in both languages
    assert all(len(one.get("descr")) > 20 for one in pictures)


def test_the_language_of_the_text_is_declared(made):
    language = part(made, "word/styles.xml").find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
    assert (language.get(f"{W}val"), language.get(f"{W}eastAsia")) == ("en-GB", "zh-CN")
    assert "zh-CN" in "".join(part(made, "docProps/core.xml").itertext())


@pytest.mark.parametrize("languages", [("zh",), ("en",), ("zh", "en")], ids="-".join)
def test_an_audit_finds_nothing(demo_store, tmp_path, languages):
    path = tmp_path / "brief.docx"
    path.write_bytes(brief.build(showings_of(demo_store, a_meeting(demo_store), *languages)))
    assert OpenXmlValidator().validate(path).errors == []


def test_hostile_text_stays_text(showings, tmp_path):
    data = brief.build([hostile(one) for one in showings])
    assert squeezed(HOSTILE.replace("\x08", "")) in text_of(document(data))
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert b'TargetMode="External"' not in file.read("word/_rels/document.xml.rels")
    (tmp_path / "brief.docx").write_bytes(data)
    assert OpenXmlValidator().validate(tmp_path / "brief.docx").errors == []


def test_the_same_meeting_gives_the_same_bytes_and_tells_how_far_it_is(showings, made):
    heard = []
    assert brief.build(showings, lambda done, total: heard.append((done, total))) == made
    assert [done for done, _ in heard] == list(range(1, heard[-1][1] + 1))
