"""The frame in a real browser: whose board it is, the way through it and back, the address that says where one is."""

import re

import pytest
from playwright.sync_api import expect
from reading import shown

SHORT = {"width": 1366, "height": 768}


@pytest.fixture
def board(demo_store, serve_store, quiet_page):
    """A function: the page at an address of the demo's board, drawn whole in the window of a plain laptop."""
    url = serve_store(demo_store)
    quiet_page.set_viewport_size(SHORT)

    def go(address: str):
        return shown(quiet_page, f"{url}/{address}")

    return go


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_office_navigation_and_filters_stand_whole_on_the_first_screen(board, lang):
    page = board(f"?lang={lang}")
    boxes = page.locator("[data-testid=stSidebarNavLink],.st-key-filters .stDateInput,.st-key-filters .stSelectbox")
    assert boxes.count() >= 13 + 4
    for one in boxes.all():
        box = one.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= SHORT["height"]
        assert box["x"] + box["width"] <= SHORT["width"]
    filters = [one.bounding_box() for one in page.locator(".st-key-filters :is(.stDateInput,.stSelectbox)").all()]
    assert max(one["y"] for one in filters) < 30  # one row, in the height of the frame's own bar
    search = page.locator(".st-key-search_open").bounding_box()
    assert max(one["x"] + one["width"] for one in filters) <= search["x"]
    assert page.locator("[data-testid=stNavSectionHeader]").count() == 3
    logo = page.get_by_test_id("stSidebarLogo")
    expect(logo).to_be_visible()
    assert logo.get_attribute("src").startswith("data:image/svg+xml")
    assert page.locator("link[rel~=icon]").first.get_attribute("href").startswith("data:")
    assert page.title() == ("总览" if lang == "zh" else "Overview") + " · “不忘初心、牢记使命”主题教育"


def test_an_open_tab_stands_in_the_address_and_survives_a_reload_and_the_way_back(board, settled):
    page = board("rectification?lang=zh")
    page.get_by_role("tab", name="全部措施").click()
    expect(page).to_have_url(re.compile("tab=ledger"))
    page.reload()
    expect(page.get_by_role("tab", name="全部措施")).to_have_attribute("aria-selected", "true")
    settled(page)
    page.get_by_role("tab").first.click()
    expect(page).not_to_have_url(re.compile("tab="))
    settled(page)
    page.go_back()
    expect(page).to_have_url(re.compile("tab=ledger"))
    expect(page.get_by_role("tab", name="全部措施")).to_have_attribute("aria-selected", "true")


def test_each_step_back_leads_to_another_view(board, settled):
    page = board("?lang=zh")
    for name in ("学习教育", "整改落实"):
        page.get_by_test_id("stSidebarNav").get_by_role("link", name=name).click()
        expect(page).to_have_title(re.compile(name))
        settled(page)
    page.go_back()
    expect(page).to_have_title(re.compile("学习教育"))
    settled(page)
    page.go_back()
    expect(page).to_have_title(re.compile("总览"))


def test_a_district_has_a_way_back_and_a_link_to_the_view_pins_what_is_seen(board, settled):
    page = board("research?lang=zh&district=MCA440783")
    expect(page.locator(".st-key-crumbs")).to_contain_text("开平市")
    page.evaluate("() => { navigator.clipboard.writeText = async text => { window.copied = text } }")
    page.get_by_role("tab", name="意见建议").click()
    expect(page).to_have_url(re.compile("tab=suggestions"))
    settled(page)
    page.locator(".tzp-link").click()
    expect(page.locator(".tzp-link[data-copied]")).to_be_visible()
    copied = page.evaluate("() => window.copied")
    for part in ("district=MCA440783", "tab=suggestions", "as_of=2019-11-29", "release=13", "compare=2019-11-22"):
        assert part in copied
    page.locator(".st-key-crumb_everywhere button").click()
    expect(page.locator(".tzp-head")).to_contain_text("全部市区")
    expect(page).not_to_have_url(re.compile("district="))
    expect(page.locator(".tzp-crumb")).to_have_count(0)


def test_a_shut_navigation_leaves_its_room_to_the_page(board, settled):
    page = board("?lang=zh")
    page.get_by_test_id("stSidebarHeader").hover()
    page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    expect(page.get_by_test_id("stExpandSidebarButton")).to_be_visible()
    settled(page)
    assert page.locator(".tzp-head").bounding_box()["x"] < 64
    opener = page.get_by_test_id("stExpandSidebarButton").bounding_box()
    assert page.locator(".st-key-as_of label").first.bounding_box()["x"] >= opener["x"] + opener["width"]


SIZES = """() => {
  const sizes = {};
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const one = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !one.checkVisibility({ visibilityProperty: true })) continue;
    if (one.closest('.tz-map, .js-plotly-plot, [data-testid=stIconMaterial], style, script')) continue;
    const look = getComputedStyle(one);
    (sizes[look.fontSize] ??= []).push(look.fontWeight);
  }
  return sizes;
}"""


@pytest.mark.parametrize("name", ["", "research", "rectification", "releases"])
def test_a_page_shows_at_most_eight_sizes_of_three_weights(board, name):
    """Names on the map grow with its tiles, those on a chart with the chart; all else is of one scale."""
    sizes = board(f"{name}?lang=zh").evaluate(SIZES)
    assert len(sizes) <= 8, sizes.keys()
    assert {weight for weights in sizes.values() for weight in weights} <= {"400", "600", "700"}
