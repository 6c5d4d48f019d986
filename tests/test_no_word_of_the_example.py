"""Nothing of the shipped example stands on the board of another campaign: no page, slide, paper, template or sheet.

What leaves the board is made and opened again as files: deck with its notes, paper, snapshot, letters, sheets to units.
"""

import datetime as dt
import io
import json
import re
import zipfile

import openpyxl
import pytest
from own_campaigns import AHEAD
from pypdf import PdfReader
from ready_made import copy_of
from test_own_words import make_audit, make_bureau
from test_pages import open_page

from taizhang.declared import tables
from taizhang.declared.wording import language
from taizhang.exhibits.catalogue import CATALOGUE
from taizhang.exhibits.parts_of_campaign import columns_left_out, has_exhibit, has_page, ledgers_of
from taizhang.exhibits.views import Choices, look
from taizhang.showing import deck, handouts, meetings, slides
from taizhang.showing.papers import letters, paper, request_sheets, snapshot, typeset
from taizhang.showing.papers.blank import blank
from taizhang.showing.slides import Showing
from taizhang.store import Store
from taizhang.ui.controls import PAGES
from taizhang.uploads import letters as urging
from taizhang.uploads import rounds

# The nouns of the example: of the campaign of 2019, and of the place that held it.
NOUNS = {
    "zh": """不忘初心 牢记使命 主题教育 主题党日 党课 党员 党支部 统战 守初心 担使命 找差距 抓落实 四个意识 四个自信
        两个维护 四个找一找 学习教育 调查研究 检视问题 整改落实
        江门 五邑 侨乡 蓬江 江海 新会 台山 开平 鹤山 恩平 白沙 镇街""",
    "en": "Jiangmen Wuyi Pengjiang Jianghai Xinhui Taishan Kaiping Heshan Enping Baisha Party party",
}
# What an office has called otherwise: the usual words must not stand beside its own.
USUAL = {
    "bureau": {
        "zh": ["措施", "重点措施", "市区", "乡镇", "责任单位", "课题"],
        "en": ["measure", "issue", "district", "town", "topic", "strand", "suggestion"],
    },
    "audit": {"zh": ["措施", "市区", "乡镇", "责任单位"], "en": ["measure", "issue", "district", "town", "strand"]},
}
MAKE = {"bureau": make_bureau, "audit": make_audit}


def found_in(text: str, name: str, lang: str) -> list[str]:
    """The words of the example, and those called otherwise, that a text says."""
    words = [*NOUNS["zh"].split(), *NOUNS["en"].split(), *USUAL[name][lang]]
    spelt = [re.escape(one) if one[0] > "~" else rf"\b{one}(?:s|es)?\b" for one in words]
    return sorted({one[0] for one in re.finditer("|".join(spelt), text, re.IGNORECASE if lang == "en" else 0)})


OF_OTHERS = ("settings", "new")  # the usual words beside one's own; a campaign that there is not yet
SAID_IN = ("label", "help", "placeholder", "body", "value", "options", "caption", "format")
SEEN = re.compile(r'(?:title|alt|aria-label|placeholder)="([^"]*)"')


def said_by(app) -> str:
    """Everything a page says: its own drawing, and every label, help, choice and caption of its controls."""
    texts = [one.proto.body for one in app.get("html")]
    texts += [json.loads(one.proto.json or "{}").get("html", "") for one in app.get("bidi_component")]
    said = [
        text for drawn in texts for text in (*SEEN.findall(drawn), re.sub(r"(?s)<style.*?</style>|<[^>]*>", " ", drawn))
    ]
    for kind in ("selectbox", "multiselect", "text_input", "date_input", "number_input", "button", "tab", "toggle"):
        for one in app.get(kind):
            said += [str(getattr(one.proto, name)) for name in SAID_IN if hasattr(one.proto, name)]
    return "\n".join(said)


@pytest.fixture(params=["bureau", "audit"])
def own(request, ready_made) -> tuple[str, Store]:
    return request.param, ready_made(request.param, MAKE[request.param])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_page_says_a_word_of_it(own, lang, monkeypatch):
    name, store = own
    words, said = store.vocabulary(), {}
    for page in PAGES:
        if has_page(words, page) and page not in OF_OTHERS:
            said[page] = found_in(said_by(open_page(page, store, monkeypatch, lang=lang)), name, lang)
    assert {page: found for page, found in said.items() if found} == {}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_exhibit_and_no_slide_says_a_word_of_it(own, lang):
    name, store = own
    view = look(store, Choices(lang=lang))
    said = {
        one: found_in(in_words(CATALOGUE[one].exhibit(view)), name, lang) for one in CATALOGUE if has_exhibit(view, one)
    }
    assert {one: found for one, found in said.items() if found} == {}
    meeting = meetings.prepare(view, "HY-1", "会", view.as_of)
    shown = slides.show(store, meeting, lang)
    assert [found_in(" ".join((one.title, one.caption, *one.remarks)), name, lang) for one in shown.slides if one] == [
        [] for _ in shown.slides
    ]


def in_words(made) -> str:
    """What an exhibit says, without the codes that its marks are known by."""
    said = repr((made.title, made.caption, made.note, made.hint, made.shape))
    return re.sub(r"picks=\([^)]*\)|(?:pick|link|code|tone|group|kpi|state|lane|strand)='[^']*'|\w+=", "", said)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_template_says_a_word_of_it(own, lang):
    name, store = own
    view, said = look(store, Choices(lang=lang)), {}
    for ledger in ledgers_of(view):
        if ledger != "town":  # Town is one of the kinds of a town
            data = blank(tables.ledgers()[ledger], view.t, columns_left_out(view))
            said[ledger] = found_in(in_the_book(data), name, lang)
    assert {ledger: found for ledger, found in said.items() if found} == {}


def in_the_book(data: bytes) -> str:
    """What a workbook says on the sheets that people see, in its cells and beside them."""
    said = []
    for sheet in openpyxl.load_workbook(io.BytesIO(data)):
        if sheet.sheet_state == "visible":
            said += [sheet.title, *(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)]
            said += [f"{one.promptTitle} {one.prompt}" for one in sheet.data_validations.dataValidation]
    return "\n".join(said)


def kinds_of_towns(lang: str) -> str:
    """The choices there are for what a place of the second level is: Town is one, whatever the level is called."""
    return language(lang)("common.comma").join(one.label[lang] for one in tables.code_lists()["town_kind"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_paper_says_a_word_of_it(own, lang):
    name, store = own
    meeting = handouts.unplanned(store, lang)
    said = in_the_book(handouts.make("ledger", store, meeting, lang)).replace(kinds_of_towns(lang), "")
    assert found_in(said, name, lang) == []
    with zipfile.ZipFile(io.BytesIO(handouts.make("brief", store, meeting, lang))) as brief:
        text = re.sub("<[^>]*>", "", brief.read("word/document.xml").decode())
    assert found_in(text, name, lang) == []


# --- what leaves the board as a file ----------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[(name, lang) for name in MAKE for lang in ("zh", "en")], ids="-".join)
def shown(request, ready_made) -> tuple[str, str, Showing]:
    """The meeting of a campaign in a language, which deck, paper and snapshot are made of."""
    name, lang = request.param
    store = ready_made(name, MAKE[name])
    return name, lang, slides.show(store, handouts.unplanned(store, lang), lang)


def test_no_deck_says_a_word_of_it_nor_do_its_notes(shown):
    name, lang, showing = shown
    with zipfile.ZipFile(io.BytesIO(deck.build([showing]))) as file:
        texts = {one: in_the_part(file.read(one).decode()) for one in file.namelist() if IN_A_DECK.fullmatch(one)}
        books = [in_the_book(file.read(one)) for one in file.namelist() if one.endswith(".xlsx")]
    notes = "\n".join(said for one, said in texts.items() if "notes" in one)
    shown = "\n".join((*(said for one, said in texts.items() if "notes" not in one), *books))
    assert showing.slides[0].title in shown
    assert showing.view.t("source.grain") in notes
    assert (found_in(shown, name, lang), found_behind(notes, name, lang)) == ([], [])


IN_A_DECK = re.compile(r"ppt/(slides|notesSlides|charts)/\w+\.xml")
OF_PLACES = ("市区", "乡镇", "district", "town")


def found_behind(text: str, name: str, lang: str) -> list[str]:
    """The same of what stands behind the figures: names of files received, and of places as the questions declare them,
    which the audit never had a word for."""
    found = found_in(re.sub(r"\w+\.csv", "", text).replace(kinds_of_towns(lang), ""), name, lang)
    return [one for one in found if name != "audit" or not one.lower().startswith(OF_PLACES)]


def in_the_part(text: str) -> str:
    """What a part of a deck says: its texts, the values of its charts, and what it says to those who do not see it."""
    told = re.findall(r"<(?:a:t|c:v)>([^<]*)<", text) + re.findall(r'(?:descr|title)="([^"]*)"', text)
    return "\n".join(told)


def test_no_paper_to_print_says_a_word_of_it(shown):
    name, lang, showing = shown
    try:
        data = paper.build([showing])
    except typeset.FontsMissing:
        pytest.skip("no Chinese font on this computer")
    said = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    assert len(said) > 200
    assert found_in(said, name, lang) == []


def test_no_snapshot_says_a_word_of_it(shown):
    name, lang, showing = shown
    drawn = snapshot.build([showing]).decode()
    drawn = re.sub(r"(?s)<(style|script|code)\b.*?</\1>", " ", drawn)  # a definition in SQL is in nobody's words
    said = "\n".join((*SEEN.findall(drawn), re.sub("<[^>]*>", " ", drawn)))
    assert showing.slides[0].title in said
    assert found_behind(said, name, lang) == []


def test_no_letter_and_no_sheet_to_a_unit_says_a_word_of_it(own, tmp_path):
    name, store = own
    store = copy_of(store, tmp_path / "store")
    (letter, *_) = urging.due(store.live(), AHEAD - dt.timedelta(days=5), AHEAD, AHEAD)
    day = store.live().as_of
    unit = letter.unit
    asked = rounds.hand_out(store, "甲", day, day + dt.timedelta(days=7), [unit], ["action"])
    for lang in ("zh", "en"):
        t, office = language(lang, store.vocabulary()), letters.Office.of(store.live())
        with zipfile.ZipFile(io.BytesIO(letters.docx(letter, office, t))) as word:
            said = letters.text(letter, t) + re.sub("<[^>]*>", " ", word.read("word/document.xml").decode())
        assert letter.measures[0].content in said
        sheet = in_the_book(request_sheets.workbook(asked, unit, t)) + request_sheets.file_name(asked, unit, t)
        assert letter.measures[0].action_id in sheet
        assert (lang, found_in(said, name, lang), found_in(sheet, name, lang)) == (lang, [], [])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_word_that_stands_there_is_found(lang, tiny_store, monkeypatch):
    """On the board of a campaign in the usual words, by the same look."""
    page = said_by(open_page("rectification", tiny_store, monkeypatch, lang=lang))
    assert set(found_in(page, "audit", lang)) & {"措施", "measures"}
    menu = said_by(open_page("study", tiny_store, monkeypatch, lang=lang))
    assert lang == "en" or "学习教育" in found_in(menu, "audit", lang)
    view = look(tiny_store, Choices(lang=lang))
    assert found_in(in_words(CATALOGUE["rectification.ledger"].exhibit(view)), "audit", lang)
    assert found_in(in_the_book(blank(tables.ledgers()["action"], view.t)), "audit", lang)
