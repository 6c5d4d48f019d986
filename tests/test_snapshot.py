"""The snapshot says what the slides said, with all that stands behind it, and runs nothing but its own scripts."""

import base64
import gzip
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources

import plotly.offline
import pytest
from papers import HOSTILE, a_meeting, hostile, lines_in, points_of, said_by, showings_of, squeezed

from taizhang.evidence import provenance
from taizhang.showing.papers import snapshot

MOST = 2_000_000  # bytes, of the demo
LIBRARY = (resources.files("taizhang.showing.papers") / "plotly-basic.min.js").read_text(encoding="utf-8")


class Read(HTMLParser):
    """A page as a reader's program takes it: texts by article, scripts, attributes, ids."""

    def __init__(self, page: str):
        super().__init__()
        self.articles: dict[str, list[str]] = {}
        self.scripts: list[tuple[dict, str]] = []
        self.tags: list[tuple[str, dict]] = []
        self.policy = ""
        self._article, self._script = "", None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        self.tags.append((tag, said))
        if tag == "article":
            self._article = said["id"]
        if tag == "script":
            self._script = said
            self.scripts.append((said, ""))
        if said.get("http-equiv") == "Content-Security-Policy":
            self.policy = said["content"]
        spoken = (said[name] for name in ("title", "alt", "aria-label") if said.get(name))
        self.articles.setdefault(self._article, []).extend(spoken)

    def handle_endtag(self, tag):
        if tag == "script":
            self._script = None
        if tag == "article":
            self._article = ""

    def handle_data(self, data):
        if self._script is not None:
            said, text = self.scripts[-1]
            self.scripts[-1] = (said, text + data)
        else:
            self.articles.setdefault(self._article, []).append(data)

    def text(self, article: str) -> str:
        return squeezed("".join(self.articles[article]))

    def json(self) -> list[dict]:
        return [json.loads(text) for said, text in self.scripts if said.get("type") == "application/json"]


@pytest.fixture(scope="module")
def showings(demo_store):
    return showings_of(demo_store, a_meeting(demo_store), "zh", "en")


@pytest.fixture(scope="module")
def made(showings):
    return snapshot.build(showings).decode("utf-8")


@pytest.fixture(scope="module")
def read(made):
    return Read(made)


def scripts_that_run(read: Read) -> list[str]:
    return [text for said, text in read.scripts if "type" not in said]


def allowed_scripts(read: Read) -> list[str]:
    rules = dict(rule.split(" ", 1) for rule in read.policy.split("; "))
    return rules["script-src"].replace("'", "").split()


def hash_of(script: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


# --- the same numbers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [0, 1], ids=["zh", "en"])
def test_every_number_and_word_of_every_slide_is_in_the_page(showings, read, place):
    showing = showings[place]
    text = read.text(showing.view.t.code)
    missing = [said for said in said_by(showing) if squeezed(said) not in text]
    assert missing == []


@pytest.mark.parametrize("place", [0, 1], ids=["zh", "en"])
def test_every_point_of_every_line_is_in_its_chart(showings, read, place):
    drawn = set()
    for figure in read.json():
        for trace in figure["light"]["data"]:
            drawn |= {(trace.get("name"), day, value) for day, value in zip(trace["x"], trace["y"], strict=True)}
        assert [trace["y"] for trace in figure["light"]["data"]] == [trace["y"] for trace in figure["dark"]["data"]]
    lines = lines_in(showings[place])
    assert lines
    for line in lines:
        assert set(points_of(line)) <= drawn


def test_a_list_that_was_cut_to_slides_is_whole(showings, read):
    cut = [slide for slide in showings[0].slides if slide.part[1] > 1]
    assert cut, "the demo must have a list of several slides"
    text = read.text("zh")
    for slide in cut:
        whole = slide.exhibits[-1].shape
        assert len(whole.rows) >= len(slide.body.rows)
        for row in whole.rows:
            assert squeezed("".join(cell.symbol + cell.text for cell in row)) in text


def test_a_list_of_thousands_is_cut_and_says_so(showings):
    slide = next(one for one in showings[0].slides if one.part[1] > 1)
    row = slide.exhibits[-1].shape.rows[0]
    shape = replace(slide.exhibits[-1].shape, rows=(row,) * 10_000)
    long = replace(slide, part=(1, 1), exhibits=(*slide.exhibits[:-1], replace(slide.exhibits[-1], shape=shape)))
    made = snapshot.build([replace(showings[0], slides=(long,))]).decode()
    assert made.count(f"<td>{row[0].text}") <= 2 * snapshot.MOST_ROWS
    assert "共 10,000 行" in made


def test_the_head_says_what_was_looked_at_and_that_it_is_made_up(read):
    said = {
        "zh": ("数据截至2019-11-29", "第13版", "对比2019-11-22", "示例数据"),
        "en": ("Dataasof2019-11-29", "Release13", "2019-11-22", "demodata"),
    }
    for lang, marks in said.items():
        head = read.text(lang)[:400]
        assert [mark for mark in marks if mark not in head] == []


def test_notes_and_commitments_are_there(read):
    text = read.text("zh")
    for said in ("先说承诺。", "同意延期。", "办公室", "完成轮训", "干部科", "2019-12-06", "措施销号率", "70%"):
        assert said in text


# --- what stands behind ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [0, 1], ids=["zh", "en"])
def test_below_every_exhibit_stand_its_sql_its_definitions_its_rows_with_lines_and_its_files(showings, read, place):
    showing = showings[place]
    view, text = showing.view, read.text(showing.view.t.code)
    everywhere = "".join(map(read.text, read.articles))
    for exhibit in {exhibit.name: exhibit for slide in showing.slides for exhibit in slide.exhibits}.values():
        for answer in exhibit.answers:
            assert squeezed(answer.query.sql) in everywhere  # SQL has no language: it stands in the file once
            behind = provenance.rows_behind(answer, view)
            if behind is not None and behind.query.rows_of:
                for row in provenance.traced(behind, view).rows:
                    assert squeezed("".join(cell.text for cell in row)) in text
        for row in provenance.files(exhibit.answers[0], view).rows:
            assert squeezed("".join(cell.text for cell in row)) in text
        for kpi in exhibit.kpis:
            assert squeezed(provenance.kpi_definition(kpi, view)) in text
        for fact in provenance.quotes(exhibit, view):
            assert squeezed(fact["quote_zh"]) in text


def test_what_stands_once_is_found_from_everywhere(read):
    names = {said["id"] for _, said in read.tags if "id" in said}
    assert len(names) == sum("id" in said for _, said in read.tags)
    led = [said["data-again"] for _, said in read.tags if "data-again" in said]
    led += [said["href"].removeprefix("#") for tag, said in read.tags if tag == "a"]
    assert led
    assert set(led) <= names


def test_nothing_leads_out_of_the_page(read):
    assert all(said["href"].startswith("#") for tag, said in read.tags if tag == "a")
    assert {tag for tag, _ in read.tags} & {"link", "iframe", "object", "form", "base"} == set()
    assert all(said["src"].startswith("data:image/") for _, said in read.tags if "src" in said)


def test_the_languages_are_marked(read):
    languages = {said["id"]: said["lang"] for tag, said in read.tags if tag == "article"}
    assert languages == {"zh": "zh-CN", "en": "en"}
    assert all(said["lang"] == "zh-CN" for tag, said in read.tags if tag == "blockquote")


# --- scripts ---------------------------------------------------------------------------------------------------


def test_only_its_own_scripts_may_run_and_nothing_may_be_loaded(read):
    (own,) = scripts_that_run(read)
    assert allowed_scripts(read) == [hash_of(own), hash_of(LIBRARY)]
    assert "unsafe-eval" not in read.policy
    assert read.policy.startswith("default-src 'none'; script-src 'sha256-")
    assert not any(name.startswith("on") for _, said in read.tags for name in said)


def test_the_library_in_the_page_is_the_one_its_hash_names_and_of_the_version_of_the_board(read):
    (packed,) = (text for said, text in read.scripts if said.get("id") == "plotly")
    assert gzip.decompress(base64.b64decode(packed)).decode() == LIBRARY
    version = re.search(r"plotly\.js \(basic - minified\) v([\d.]+)", LIBRARY)[1]
    assert version == plotly.offline.get_plotlyjs_version()


def test_a_page_without_a_line_carries_no_library(showings):
    made = Read(snapshot.build([replace(showings[0], slides=showings[0].slides[:2])]).decode())
    assert allowed_scripts(made) == [hash_of(one) for one in scripts_that_run(made)]
    assert [said for said, _ in made.scripts if said.get("id") == "plotly"] == []


def test_hostile_text_stays_text(showings, made):
    poisoned = snapshot.build([hostile(one) for one in showings]).decode("utf-8")
    read, calm = Read(poisoned), Read(made)
    assert scripts_that_run(read) == scripts_that_run(calm)
    assert len(read.scripts) == len(calm.scripts)
    assert not any("onerror" in said for _, said in read.tags)
    assert squeezed(HOSTILE.replace("\x08", "")) in read.text("zh")  # what no page can hold is left out
    assert HOSTILE not in poisoned
    assert not any(re.search("[<>&\u2028\u2029]", text) for said, text in read.scripts if "type" in said)


# --- the file --------------------------------------------------------------------------------------------------


def test_the_demo_is_small_and_the_same_every_time(showings, made):
    assert len(made.encode()) < MOST
    assert len(snapshot.build(showings[:1])) < MOST
    heard = []
    assert snapshot.build(showings, lambda done, total: heard.append((done, total))).decode() == made
    assert heard[-1][0] == heard[-1][1] == len(heard)
