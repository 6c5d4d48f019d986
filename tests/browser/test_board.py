"""The board in a real browser, on a server of its own: what only a browser can show."""

import re

import pytest
from playwright.sync_api import expect
from reading import shown
from ready_made import copy_of

from taizhang.declared.tables import ledgers
from taizhang.rows.ledgers import LedgerFile, Row
from taizhang.store import Note, Store
from taizhang.ui.controls import NOT_ON_THE_MENU, OF_UNITS, PAGES


def head(page):
    return page.locator(".tzp-head")


def test_the_first_deep_link_after_a_start_shows_the_whole_frame(fresh_server, article_store, quiet_page):
    with fresh_server(article_store) as url:
        shown(quiet_page, f"{url}/research")
        expect(quiet_page.get_by_test_id("stSidebarNav").get_by_role("link")).to_have_count(
            len(PAGES) - len((*NOT_ON_THE_MENU, *OF_UNITS))
        )
        expect(quiet_page.locator(".st-key-lang")).to_be_visible()
        expect(quiet_page.locator(".st-key-district")).to_be_visible()


def test_the_language_switch_is_in_the_link_and_is_remembered(demo_store, serve_store, quiet_page):
    page = shown(quiet_page, serve_store(demo_store))
    expect(head(page)).to_contain_text("现在到了哪一步")
    page.locator(".st-key-lang").get_by_text("English").click()
    expect(head(page)).to_contain_text("Where do we stand?")
    expect(page).to_have_url(re.compile(r"lang=en"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    shown(page, f"{serve_store(demo_store)}/research")
    expect(head(page)).to_contain_text("Data as of")


def test_an_earlier_day_is_shown_as_it_was_known_then_and_its_link_reproduces_it(
    demo_store, serve_store, quiet_page, settled
):
    page = shown(quiet_page, f"{serve_store(demo_store)}/rectification?as_of=2019-10-25")
    expect(head(page)).to_contain_text("第 8 版")
    expect(page.locator(".tz-figure").first).to_contain_text("2/17")
    settled(page)
    page.locator(".st-key-release").get_by_role("combobox").click()
    page.get_by_role("option", name=re.compile("第 13 版")).click()
    expect(head(page)).to_contain_text("数据截至 2019-11-29")
    expect(page.locator(".tz-figure").first).to_contain_text("10/17")
    shown(page, page.url)
    expect(head(page)).to_contain_text("第 13 版")


def test_a_click_on_a_district_filters_the_page_and_a_second_click_lifts_it(demo_store, serve_store, quiet_page):
    page = shown(quiet_page, f"{serve_store(demo_store)}/research")
    page.locator(".tz-group[data-pick='district:MCA440781']").click()
    expect(head(page)).to_contain_text("台山市")
    expect(page).to_have_url(re.compile("district=MCA440781"))
    page.locator(".tz-group[data-pick='district:MCA440781']").click()
    expect(head(page)).to_contain_text("全部市区")
    page.locator(".st-key-research_as").get_by_text("轮廓").click()
    expect(page.locator(".tz-credit")).to_contain_text("审图号：GS（2024）0650号")
    expect(page.locator(".st-key-research_as :focus")).to_have_count(1)  # what was chosen with the keys stays at hand
    page.locator("path[data-pick='district:MCA440785']").click()
    expect(page).to_have_url(re.compile("as=outlines.*district=MCA440785"))
    expect(page.locator(".tz-ol-chosen")).to_have_attribute("data-pick", "district:MCA440785")


def test_a_figure_leads_to_its_file_line_and_sentence(demo_store, serve_store, quiet_page):
    page = shown(quiet_page, f"{serve_store(demo_store)}/sources")
    page.locator(".st-key-source-sources-figures button").click()
    panel = page.get_by_role("dialog")
    expect(panel).to_contain_text("通报的 13 项数据")
    panel.get_by_role("tab", name="查询").click()
    expect(panel).to_contain_text("queries/answers/reported_against_ledger.sql")
    panel.get_by_role("tab", name="记录与文件").click()
    panel.get_by_role("searchbox", name="在表中查找").last.fill("figure.csv")
    expect(panel.get_by_role("cell", name="figure.csv").first).to_be_visible()
    panel.get_by_role("tab", name="原文").click()
    expect(panel).to_contain_text("深入7个市区16个乡镇")


def test_a_click_on_a_reported_figure_finds_its_sentence_in_the_article(demo_store, serve_store, quiet_page):
    page = shown(quiet_page, f"{serve_store(demo_store)}/sources")
    page.locator("[data-pick='fact:N08']").first.click()
    expect(page.locator(".tz-quote-chosen")).to_contain_text("召开座谈会、研讨会22场")
    expect(page).to_have_url(re.compile("fact=N08"))


def test_a_click_on_an_event_shows_its_sentence(demo_store, serve_store, quiet_page):
    page = shown(quiet_page, f"{serve_store(demo_store)}/timeline")
    page.locator("[data-pick='event:E03']").first.click()
    panel = page.get_by_role("dialog")
    panel.get_by_role("tab", name="原文").click()
    expect(panel).to_contain_text("9月24日下午,市委统战部党员干部来到市党群服务中心")


def test_a_headline_leads_to_its_page_and_keeps_the_filters(demo_store, serve_store, quiet_page):
    page = shown(quiet_page, f"{serve_store(demo_store)}/?district=MCA440783")
    page.locator(".tz-figures a").first.click()
    expect(head(page)).to_contain_text("整改到了哪一步")
    expect(head(page)).to_contain_text("开平市")


def test_an_address_that_is_no_page_leads_to_the_overview_and_the_reader_is_told(demo_store, serve_store, quiet_page):
    page = shown(quiet_page, f"{serve_store(demo_store)}/overview?lang=en&as_of=2019-10-25")
    expect(page).to_have_url(re.compile(r":\d+/\?lang=en&as_of=2019-10-25$"))
    expect(page.locator(".tzp-message")).to_have_count(0)
    shown(page, f"{serve_store(demo_store)}/no-such-page/below?lang=zh")
    expect(page.locator(".tzp-message")).to_have_text("没有“no-such-page/below”这个页面；现在显示的是总览。")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(head(page)).to_contain_text("现在到了哪一步")


WORD = "W" * 1200
WORDY = {
    "district": ("district_name", "district_name_en"),
    "town": ("town_name", "town_name_en"),
    "issue": ("title", "lead_unit"),
    "action": ("content", "resp_unit", "blocker"),
    "research_topic": ("title", "lead_unit"),
    "event": ("title", "place"),
    "suggestion": ("content", "handling_unit"),
    "commitment": ("content", "unit"),
}


@pytest.fixture(scope="module")
def wordy_store(demo_store, tmp_path_factory) -> Store:
    """The demo with a word of 1,200 letters wherever a text can stand, and who published it."""
    store = copy_of(demo_store, tmp_path_factory.mktemp("wordy") / "store")
    live = store.live()
    rows = live.rows()
    files = []
    for name, columns in WORDY.items():
        (key,) = ledgers()[name].key
        lines = [
            Row(place, {key: one, **dict.fromkeys(columns, f"{WORD}{place}")})
            for place, one in enumerate(list(rows[name])[:3])
        ]
        files.append(LedgerFile(name, f"{WORD}.csv", name.encode(), "UTF-8", tuple(lines)))
    store.publish(files, Note(WORD, live.as_of, WORD, WORD), live.number)
    return store


SCREENS = ((1366, 768), (1920, 1080), (390, 844))


@pytest.mark.parametrize("name", [name for name in PAGES if name not in OF_UNITS])
def test_no_page_asks_anything_of_another_computer_or_is_wider_than_its_screen_whatever_word_stands_on_it(
    name, wordy_store, serve_store, quiet_page, settled
):
    """In English, whose words are longer; what a page asks for is watched in every test of a `quiet_page`."""
    quiet_page.set_viewport_size(dict(zip(("width", "height"), SCREENS[0], strict=True)))
    page = shown(quiet_page, f"{serve_store(wordy_store)}/{'' if name == 'overview' else name}?lang=en")
    page.wait_for_load_state("networkidle")
    assert page.witness.requests, "the witness must have seen the page's own requests"
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        main = settled(page).get_by_test_id("stMain")
        assert main.evaluate("node => node.scrollWidth <= node.clientWidth"), width


def test_the_answer_of_the_overview_stands_above_the_fold(demo_store, serve_store, quiet_page):
    quiet_page.set_viewport_size({"width": 1366, "height": 768})
    page = shown(quiet_page, serve_store(demo_store))
    assert page.locator(".tz-figure").nth(3).bounding_box()["y"] < 400
    assert page.get_by_text("件事需要有人处理").bounding_box()["y"] < 768


def test_readers_at_once_see_their_own_filters(demo_store, serve_store, reading_room, quiet_page):
    """Four readers with four districts: nobody is shown another's. What one browser remembers is no reader's own."""
    url = serve_store(demo_store)
    names = {"MCA440703": "蓬江区", "MCA440705": "新会区", "MCA440781": "台山市", "MCA440785": "恩平市"}
    pages = {code: reading_room.new_page() for code in names}
    for code, page in pages.items():
        page.goto(f"{url}/research?district={code}", wait_until="commit")
    for code, page in pages.items():
        expect(head(page)).to_contain_text(names[code], timeout=30_000)
