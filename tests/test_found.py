"""The search over the whole campaign: by key, words and places, however they are written; each leads somewhere."""

import pytest

from taizhang.exhibits.found import MOST, found
from taizhang.exhibits.opened import opened
from taizhang.exhibits.views import Choices, look


@pytest.fixture(scope="module")
def view(demo_store):
    return look(demo_store, Choices())


def keys(view, text: str) -> list[str]:
    return [row[1].text for row in found(view, text).shape.rows]


@pytest.mark.parametrize("said", ["CS-004-1", "cs-004-1", "ＣＳ—００４—１", " cs–004-1 "])
def test_a_key_is_found_however_it_is_written(view, said):
    assert keys(view, said) == ["CS-004-1"]


def test_the_key_itself_comes_first_then_keys_and_names_that_begin_so(view):
    assert keys(view, "wt-001")[0] == "WT-001"
    rows = found(view, "蓬江").shape.rows
    assert [row[0].text for row in rows[:2]] == ["市区", "乡镇街道"]
    assert rows[0][2].text == "蓬江区"
    assert {row[3].text for row in rows[1:]} == {"蓬江区"}  # its towns


def test_all_words_must_be_there_in_whatever_order(view):
    assert keys(view, "轮训 干部科") == keys(view, "干部科 轮训") == ["CS-004-1"]
    assert keys(view, "轮训 没有的词") == []
    assert found(view, "没有的词").title == "没有找到。请换一个词，或少写几个字。"


def test_a_key_figure_is_found_by_its_name(view):
    assert {"K03", "K08"} <= set(keys(view, "销号率"))


def test_a_long_list_says_how_many_there_are(view):
    exhibit = found(view, "-")
    assert len(exhibit.shape.rows) == MOST
    assert f"只列前 {MOST} 条" in exhibit.title


def test_every_row_that_is_found_opens_and_is_told_in_words(view):
    seen = set()
    for row in view.ask("entries").records():
        kind, key = row["table_name"], row["row_key"]
        if kind in ("district", "figure") or (kind in seen and kind != "town"):
            continue  # these two lead to a page; one of each other ledger is enough
        seen.add(kind)
        exhibit = opened(view, f"{kind}:{key}")
        assert exhibit is not None, (kind, key)
        assert exhibit.shape.rows
    assert seen == {"issue", "action", "town", "event", "research_topic", "suggestion", "proposal", "document"}
    assert opened(view, "document:there is no such") is None


def test_names_are_found_in_english(demo_store):
    english = look(demo_store, Choices(lang="en"))
    assert found(english, "pengjiang").shape.rows[0][2].text == "Pengjiang District"
