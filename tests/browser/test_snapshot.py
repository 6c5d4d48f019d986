"""The snapshot in a real browser, opened as a file with no network."""

import axe
import pytest
from papers import a_meeting, hostile, showings_of
from playwright.sync_api import expect

from taizhang.showing.papers import snapshot


@pytest.fixture(scope="module")
def showings(demo_store):
    return showings_of(demo_store, a_meeting(demo_store), "zh", "en")


@pytest.fixture
def opened(context, tmp_path):
    """A function: opens the snapshot of showings as a file; fails at the end on any request or complaint."""
    context.set_offline(True)
    page = context.new_page()
    complaints, requests = [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    file = tmp_path / "snapshot.html"

    def open_file(showings, name: str = ""):
        file.write_bytes(snapshot.build(showings))
        page.goto(f"{file.as_uri()}{name}")
        expect(page.locator("article:visible .chart.drawn .main-svg").first).to_be_visible()
        return page

    yield open_file
    assert complaints == []
    assert [url for url in requests if not url.startswith(("data:", file.as_uri()))] == []


def test_the_chart_is_live_in_both_languages_and_themes(opened, showings):
    page = opened(showings)
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.locator("article#en")).to_be_hidden()
    expect(page.locator("article#zh .chart .annotation-text").first).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.locator("article#zh")).to_be_hidden()
    expect(page.locator("article#en .chart .main-svg").first).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate(ground) == "rgb(14, 17, 23)"
    assert page.locator("article#en .tz-light").count() == 0
    page.locator("article#en .chart .live").first.scroll_into_view_if_needed()
    day, card = page.locator("article#en [data-over] .tz-strip").last, page.locator(".tz-told")
    day.hover()
    expect(card).to_contain_text(day.get_attribute("aria-label").split("\n")[1])
    at, plot = card.bounding_box(), day.bounding_box()
    assert at["y"] + at["height"] <= plot["y"] or at["y"] >= plot["y"] + plot["height"]


def test_what_stands_behind_opens_by_keyboard_and_is_copied_where_it_is_opened(opened, showings):
    page = opened(showings[:1])
    panel = page.locator(".panel").nth(1)
    panel.locator("summary").first.focus()
    page.keyboard.press("Enter")
    fold = panel.locator("details:has(pre)").first
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(fold.locator("pre")).to_contain_text("select")
    again = page.locator(".panel:has(details[data-again])").last
    again.locator("summary").first.click()
    copy = again.locator("details[data-again]").first
    name = copy.get_attribute("data-again")
    copy.locator("summary").click()
    expect(copy.locator(":scope > div")).to_be_visible()
    text = "one => one.textContent"
    assert copy.locator(":scope > div").evaluate(text) == page.locator(f"#{name}").evaluate(text) != ""


def test_a_link_opens_what_is_folded_and_in_the_other_language(opened, showings):
    page = opened(showings, "#en-3")
    expect(page.locator("article#zh")).to_be_hidden()
    expect(page.locator("#en-3")).to_be_in_viewport()


def test_marks_answer_on_a_card_and_to_arrow_keys_and_districts_stand_out(opened, showings):
    page = opened(showings[:1])
    card, tile = page.locator(".tz-told"), page.locator(".tz-spot[data-mark]").nth(3)
    tile.hover()
    expect(card.locator("b")).to_have_text(tile.get_attribute("aria-label").split("\n")[0])
    expect(card.locator(".tz-told-day")).to_contain_text("2019-11-29")
    page.locator(".tz-spot[tabindex='0']").first.focus()
    page.keyboard.press("ArrowDown")
    here = page.locator(".tz-spot[data-mark]:focus")
    expect(card.locator("b")).to_have_text(here.get_attribute("aria-label").split("\n")[0])
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    chip = page.locator(".tz-chip").first
    chip.focus()
    page.keyboard.press("Enter")
    expect(chip).to_have_attribute("aria-pressed", "true")
    assert page.locator(".tz-spot.tz-other").count() > 0
    own = page.locator(f".tz-spot[data-group='{chip.get_attribute('data-pick')}']")
    assert own.count() > 0
    assert page.locator(f".tz-spot.tz-other[data-group='{chip.get_attribute('data-pick')}']").count() == 0


@pytest.mark.parametrize(("lang", "dress"), [("zh", "light"), ("en", "dark")])
def test_everyone_can_read_it(opened, showings, lang, dress):
    page = opened([one for one in showings if one.view.t.code == lang])
    page.locator(f"[data-dress={dress}]").click()
    panel = page.locator(".panel").first
    panel.locator("summary").first.click()
    panel.locator("details:has(pre)").first.locator("summary").click()
    expect(panel.locator("pre:visible")).to_have_count(1)
    assert axe.found(page) == []


def test_a_text_that_tries_to_break_out_stays_inert(opened, showings):
    page = opened([hostile(one) for one in showings])
    assert page.evaluate("window.caught") is None
    expect(page.locator("h1").first).to_contain_text("</script><script>window.caught=1</script>")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_phone_shows_it_without_scrolling_sideways(opened, showings, lang):
    page = opened(showings, f"#{lang}-1")
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function("document.documentElement.scrollWidth === 390")
    for panel in page.locator("article:visible .panel > summary").all()[:3]:
        panel.click()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert (
        page.evaluate("document.querySelector('article:not([hidden]) .main-svg').getBoundingClientRect().right") <= 390
    )


def test_paper_shows_the_still_chart_and_no_controls(opened, showings):
    page = opened(showings[:1])
    page.emulate_media(media="print")
    expect(page.locator(".chart .still").first).to_be_visible()
    expect(page.locator(".chart .live").first).to_be_hidden()
    expect(page.locator(".controls").first).to_be_hidden()


def test_without_scripts_it_still_reads(browser, showings, tmp_path):
    file = tmp_path / "snapshot.html"
    file.write_bytes(snapshot.build(showings))
    with browser.new_context(java_script_enabled=False, offline=True) as context:
        page = context.new_page()
        page.goto(file.as_uri())
        for lang in ("zh", "en"):
            expect(page.locator(f"article#{lang}")).to_be_visible()
            expect(page.locator(f"article#{lang} .chart .still").first).to_be_visible()
        expect(page.locator(".controls").first).to_be_hidden()
