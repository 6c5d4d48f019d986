"""Every mark of a drawing answers to the mouse and the keyboard, on one card, and a click opens what it stands for."""

import re

import pytest
from playwright.sync_api import expect
from reading import shown

from taizhang.declared.wording import language


def lines(mark) -> list[str]:
    return mark.get_attribute("aria-label").split("\n")


def answers(page, mark) -> list[str]:
    """What the card says that a mark shows under the mouse; it stands beside the mark and never on it."""
    mark.scroll_into_view_if_needed()
    mark.hover()
    card = page.locator(".tz-told")
    expect(card.locator("b")).to_have_text(lines(mark)[0])
    at, of = (one.bounding_box() for one in (card, mark.locator("[data-anchor]").or_(mark).last))
    assert at["y"] + at["height"] <= of["y"] or at["y"] >= of["y"] + of["height"]
    assert at["x"] >= 0
    assert at["x"] + at["width"] <= page.viewport_size["width"]
    return [said for said in card.inner_text().split("\n") if said]


def opens(page, title: str) -> None:
    expect(page.get_by_role("dialog")).to_contain_text(title)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


T = language("zh")


def test_bars_tiles_cells_and_trends_say_what_they_are_and_what_a_click_does(demo_store, serve_store, quiet_page):
    page = shown(quiet_page, f"{serve_store(demo_store)}/research?tab=topics")
    day = T("frame.said_as_of", day="2019-11-29")
    bar, tile = page.locator(".tz-row[data-pick^='district:']").last, page.locator(".tz-spot[data-mark]").nth(30)
    cell, trend = page.locator(".tz-cell[data-mark]").nth(2), page.locator(".tz-course").first
    assert answers(page, bar) == [*lines(bar), day, T("marks.district")]
    assert answers(page, tile) == [*lines(tile), day, T("marks.town")]
    assert lines(cell)[0] == "蓬江区 KT-03 1 次"
    assert answers(page, cell) == [*lines(cell), day, T("marks.district")]
    assert answers(page, trend) == lines(trend)
    assert "→" in lines(trend)[1]
    page.mouse.move(2, 2)
    expect(page.locator(".tz-told")).to_be_hidden()


def test_a_map_is_one_stop_of_the_keyboard_and_its_towns_are_reached_by_the_arrow_keys(
    demo_store, serve_store, quiet_page
):
    page = shown(quiet_page, f"{serve_store(demo_store)}/research")
    card, here = page.locator(".tz-told"), page.locator(".tz-spot:focus")
    assert page.locator(".tz-spot[tabindex='0']").count() == 1
    expect(page.locator(".tz-chip").first).to_be_hidden()  # a wide map has the districts' own names to choose by
    page.locator(".tz-spot[tabindex='0']").focus()
    page.keyboard.press("Home")
    first = lines(here)[0]
    expect(card.locator("b")).to_have_text(first)
    at = here.bounding_box()
    page.keyboard.press("ArrowDown")
    assert here.bounding_box()["y"] > at["y"]
    expect(card.locator("b")).to_have_text(lines(here)[0])
    page.keyboard.press("ArrowUp")
    assert lines(here)[0] == first
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.keyboard.press("End")  # the names of the districts come after the towns
    expect(page.locator(".tz-group:focus")).to_have_attribute("data-pick", re.compile("^district:"))
    page.keyboard.press("Home")
    town = lines(here)[0]
    page.keyboard.press("Enter")
    opens(page, town)


def test_a_bar_filters_by_its_district_and_keeps_the_focus(demo_store, serve_store, quiet_page):
    page = shown(quiet_page, f"{serve_store(demo_store)}/research")
    bar = page.locator(".tz-row[data-pick='district:MCA440781']")
    bar.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tzp-head")).to_contain_text("台山市")
    expect(page.locator(".st-key-head-research-map")).to_contain_text("台山市：")
    expect(page.locator(".tz-row[data-pick='district:MCA440781']")).to_be_focused()


def test_what_needs_attention_and_what_a_unit_or_a_part_of_a_bar_stands_for_opens(demo_store, serve_store, quiet_page):
    page = shown(quiet_page, serve_store(demo_store))
    row = page.locator(".tz-table [data-pick^='action:']").first
    title = row.inner_text()
    row.click()
    opens(page, title.rstrip("…"))
    unit = page.locator(".tz-row[data-pick^='unit:']").first
    assert answers(page, unit)[-1] == T("marks.unit")
    unit.click()
    opens(page, lines(unit)[0])
    shown(page, f"{serve_store(demo_store)}/rectification")
    part = page.locator(".tz-part[data-mark]").first
    assert answers(page, part)[-1] == T("marks.measures")
    part.click()
    opens(page, lines(part)[0])


def test_a_line_answers_for_each_of_its_days_above_the_plot(demo_store, serve_store, quiet_page):
    page = shown(quiet_page, f"{serve_store(demo_store)}/rectification")
    days = page.locator("[data-over] .tz-strip")
    expect(days.first).to_be_attached()
    assert answers(page, days.last) == lines(days.last)
    assert lines(days.last)[0] == "2019-11-29"
    assert days.evaluate_all("all => all.filter(one => one.tabIndex === 0).length") == 1
    days.last.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".tz-told b")).to_have_text(lines(page.locator(".tz-strip:focus"))[0])
    assert page.locator(".tz-strip:focus").bounding_box()["x"] < days.last.bounding_box()["x"]


CUT = """() => {
  const seen = one => one.getClientRects().length > 0;
  const drawings = [...document.querySelectorAll('.tz')].filter(seen);
  const texts = drawings.flatMap(one => [...one.querySelectorAll('.tz-name,.tz-end,.tz-number,.tz-town,.tz-group')]);
  return texts.filter(seen).filter(one =>
    one.scrollWidth > one.clientWidth + 1 || one.textContent.includes('…')).map(one => one.textContent);
}"""
OVER_A_SYMBOL = """() => {
  const ink = one => {  // letters stand in the middle of their line, and are about 0.8 of their size high
    const range = document.createRange();
    range.selectNodeContents(one);
    const box = range.getBoundingClientRect(), half = 0.4 * parseFloat(getComputedStyle(one).fontSize);
    const middle = (box.top + box.bottom) / 2;
    return { left: box.left, right: box.right, top: middle - half, bottom: middle + half };
  };
  return [...document.querySelectorAll('.tz-tile')].filter(one => one.getClientRects().length).filter(one => {
    const sign = ink(one.querySelector('.tz-sign'));
    return [...one.querySelectorAll('.tz-town > span')].map(ink).some(word =>
      word.right > sign.left + 1 && word.left < sign.right && word.top < sign.bottom - 1 && word.bottom > sign.top);
  }).map(one => one.textContent);
}"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_label_of_the_research_page_is_cut_or_stands_on_a_symbol(lang, demo_store, serve_store, quiet_page, settled):
    page = shown(quiet_page, f"{serve_store(demo_store)}/research?lang={lang}")
    for width, height in ((1366, 768), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        settled(page)
        # two screens hold the whole page
        assert page.get_by_test_id("stMain").evaluate("one => one.scrollHeight") <= 2 * height, width
        assert page.evaluate(CUT) == [], width
        assert page.evaluate(OVER_A_SYMBOL) == [], width
