"""Whoever is held to some districts and units asks for everything that there is of the others, in every way that an
address has, and gets not a word of it: on no page, in no message of a socket, in no file."""

import re
from collections.abc import Iterator

import pytest
from visits import SCOPE_OF, SECRET, Board, Browser, text_of_file

from taizhang.declared.root import ROOT
from taizhang.declared.wording import language
from taizhang.evidence import passports
from taizhang.evidence.passports import NotAPassport
from taizhang.exhibits.catalogue import CATALOGUE
from taizhang.exhibits.views import Choices, look
from taizhang.store.narrowed import narrowed
from taizhang.ui.controls import PAGES

T = language("zh")
LOOKS = [name for name in PAGES if name not in ("upload", "returns", "letters", "settings", "new", "people")]


def rows_of(store) -> Iterator[tuple[str, str, str]]:
    """Ledger, key and each text of every row of every release; codes are no words."""
    for number in store.numbers():
        for ledger, keyed in store.release(number).rows().items():
            for key, row in keyed.items():
                for value in (key, *row.values()):
                    if isinstance(value, str) and len(value) > 2 and not re.fullmatch("[a-z_]+", value):
                        yield ledger, key, value


@pytest.fixture(scope="module")
def words_of_others(board) -> dict[str, dict[str, re.Pattern]]:
    """Name of somebody → what stands in rows of the whole store alone and is not what every board says, each as it is
    looked for; and what only a draft and a prepared meeting say."""
    ours = "".join(
        path.read_text(encoding="utf-8")
        for place, kind in (("taizhang", "toml"), ("queries", "sql"), ("docs/guide", "md"), ("docs", "md"))
        for path in (ROOT / place).rglob(f"*.{kind}")
    )
    every = {value for _, _, value in rows_of(board.store) if not re.fullmatch(r"K\d+|1\+4", value)}
    found = {}
    for name, scope in SCOPE_OF.items():
        said = "\n".join(value for _, _, value in rows_of(narrowed(board.store, scope))) + ours
        words = {value for value in every if value not in said} | {SECRET}
        assert len(words) > 120
        found[name] = {
            one: re.compile(rf"(?<![\w|-]){re.escape(one)}(?![\w|-])" if one.isascii() else one) for one in words
        }
    return found


def told(text: str, words: dict[str, re.Pattern], *typed: str) -> list[str]:
    """The words of others that a text says, but for those that were typed, which are said again as they are."""
    said = "\n".join(typed)
    return [one for one, sign in words.items() if one in text and one not in said and sign.search(text)]


def everything(board: Board) -> dict[str, str]:
    """Each part of an address with something of others."""
    return {
        "district": "MCA-W",
        "release": "2",
        "as_of": "2019-09-27",
        "compare": "2019-09-20",
        "draft": board.draft,
        "meeting": board.meeting,
        "past": board.meeting,
        "fact": "F-3",
        "campaign": "main",
        "part": "row",
        "ledger": "action",
        "key": "CS-004",
        "shown": "2",
        "older": "1",
        "newer": "3",
        "q": "走访基层",
        "about": "people",
        "no_page": "people",
        "left_out": "people",
        "unit": "二科",
        "strand": "rectify",
    }


@pytest.mark.parametrize("name", SCOPE_OF)
def test_no_page_says_a_word_of_the_others_whatever_is_asked_of_it(name, board, words_of_others):
    asked, words = everything(board), words_of_others[name]
    with board.signed_in(name) as browser, browser.visit() as visit:
        for page in PAGES:
            assert told(visit.open(page).text, words, *asked.values()) == [], page
            assert told(visit.open(page, **asked).text, words, *asked.values()) == [], page
        shown = visit.open("meeting", present=board.meeting).text
        assert told(shown, words) == []
        never = visit.open("meeting", present="HY-999").text
        assert [sentence(one) for one in (shown, never)] == [
            sentence(never).replace("HY-999", board.meeting),
            sentence(never),
        ]


def sentence(text: str) -> str:
    """What a page says of something that is not there."""
    return re.search(r"tzp-message[^>]*>(.*?)</", text)[1]


@pytest.mark.parametrize("name", SCOPE_OF)
def test_the_history_of_no_row_of_the_others_is_there(name, board, words_of_others):
    """Every row of every ledger of the others, by its key: it reads like a key that nobody gave."""
    own = {(ledger, key) for ledger, key, _ in rows_of(narrowed(board.store, SCOPE_OF[name]))}
    foreign = {ledger: key for ledger, key, _ in rows_of(board.store) if (ledger, key) not in own}
    assert len(foreign) > 12
    with board.signed_in(name) as browser, browser.visit() as visit:
        for ledger, key in foreign.items():
            text = visit.open("releases", part="row", ledger=ledger, key=key).text
            assert told(text, words_of_others[name], key) == [], (ledger, key)
            assert T("releases.no_row") in text or T("common.no_rows") in text, (ledger, key)


@pytest.mark.parametrize("name", SCOPE_OF)
def test_no_release_is_laid_out_or_compared_with_a_word_of_the_others(name, board, words_of_others):
    with board.signed_in(name) as browser, browser.visit() as visit:
        for number in ("1", "2", "3"):
            for asked in ({"part": "one", "shown": number}, {"part": "two", "older": number, "newer": "3"}):
                seen = visit.open("releases", **asked, ledger="action", kind="changed")
                assert told(seen.text, words_of_others[name]) == [], asked


def codes(board: Board) -> list[str]:
    """The codes of every exhibit as whoever sees all rows sees it, of the whole and of another district."""
    views = [look(board.store, Choices(district=one)) for one in (None, "MCA-W")]
    made = []
    for view in views:
        for entry in CATALOGUE.values():
            for option in (entry.options(view) if entry.options else [""])[:1]:
                made.append(passports.code(entry.exhibit(view, option), view))
    return [one for one in made if one]


@pytest.mark.parametrize("name", SCOPE_OF)
def test_no_code_of_what_others_saw_leads_anywhere(name, board, words_of_others):
    """A code has two letters that say whether it is one: of a thousand foreign ones one is taken for an own one."""
    every, own = codes(board), narrowed(board.store, SCOPE_OF[name])
    taken = []
    for one in every:
        try:
            passports.read(own, one)
            taken.append(one)
        except NotAPassport:
            continue
    assert len(every) > 50
    assert len(taken) <= 2
    with board.signed_in(name) as browser, browser.visit() as visit:
        for one in [*every[:3], *every[-3:], *taken]:
            assert told(visit.open("sources", passport=one).text, words_of_others[name]) == [], one


def test_a_code_of_what_somebody_saw_leads_back_to_it_for_whoever_sees_the_same(board):
    view = look(narrowed(board.store, SCOPE_OF["district"]), Choices())
    code = passports.code(CATALOGUE["overview.headline"].exhibit(view, ""), view)
    assert passports.read(view.store, code).exhibit == "overview.headline"


@pytest.mark.parametrize(("name", "pages"), [("district", LOOKS), ("section", ["rectification"])])
def test_no_panel_and_no_file_says_a_word_of_the_others(name, pages, board, words_of_others):
    """Each exhibit of each page: its table, definition, rows and sources, and its data and picture as files."""
    words, files = words_of_others[name], 0
    with board.signed_in(name) as browser, browser.visit() as visit:
        for page in pages:
            seen = visit.open(page)
            assert told(seen.text, words) == [], page
            files += look_at(seen.files, browser, words)
            for key in seen.keys("source:"):
                visit.seen = seen
                opened = visit.click(key, page)
                assert told(opened.text, words) == [], (page, key)
                csv, xlsx, _, svg = opened.later  # of a PNG nothing can be read
                files += look_at([visit.makes(one) for one in (csv, xlsx, svg)], browser, words)
    assert files > 3 * len(pages)


def look_at(addresses: list[str], browser: Browser, words: dict[str, re.Pattern]) -> int:
    for address in addresses:
        answer = browser.get(address)
        assert answer.status_code == 200
        assert told(text_of_file(answer.content), words) == [], answer.headers["content-disposition"]
    return len(addresses)


def test_a_page_that_is_empty_in_a_scope_says_so_and_waits_for_no_file(board):
    """There are measures, though none of that district: what is not theirs to see is not missing."""
    with board.signed_in("district") as browser, browser.visit() as visit:
        seen = visit.open("rectification")
        assert T("beginning.nothing_of_theirs") in seen.text
        assert "仅东区，其中没有：" in seen.text
        assert not seen.keys("template_")


def test_whoever_sees_all_rows_sees_these_words(board, words_of_others):
    with board.signed_in("reader") as browser, browser.visit() as visit:
        assert len(told(visit.open("rectification").text, words_of_others["district"])) > 20
