"""A meeting keeps what it was told: what the browser still holds of an earlier screen moves nothing."""

import datetime as dt

import pytest
from playwright.sync_api import expect
from ready_made import copy_of

from taizhang.declared.wording import language
from taizhang.showing import meetings
from taizhang.store import Store

t = language("zh")


@pytest.fixture
def store(tiny_store, tmp_path) -> Store:
    """The tiny store, to be written to; `newer` lets it go on while a meeting is being prepared."""
    return copy_of(tiny_store, tmp_path / "store")


def kept(store: Store) -> tuple[int, dt.date]:
    (one,) = meetings.open_meetings(store)
    return one.release, one.as_of


def prepare(page, url: str) -> None:
    page.goto(f"{url}/meeting?lang=zh")
    page.get_by_label(t("meeting.title"), exact=True).fill("主题教育第四次推进会")
    page.get_by_role("button", name=t("meeting.prepare"), exact=True).click()
    expect(page.locator(".st-key-meeting_start button")).to_be_visible()


BOTH_AT_ONCE = """
() => [...document.querySelectorAll('.st-key-meeting_newest button'),
       document.querySelectorAll('[class*=st-key-script_place] label input')[2]].forEach(one => one.click())
"""


def test_whoever_is_quicker_than_the_page_does_not_put_the_old_data_back(
    store, newer, serve_store, quiet_page, settled
):
    """The second click is sent before the page has changed: with it goes all that the browser held of the old page."""
    page = quiet_page
    url = serve_store(store)
    prepare(page, url)
    made = newer()
    page.reload()
    page.get_by_text(t("meeting.settings")).click()
    expect(page.locator(".st-key-meeting_newest button")).to_be_visible()
    slides = settled(page).locator("[class*=st-key-script_place] label")
    expect(slides.nth(7)).to_be_visible()
    page.evaluate(BOTH_AT_ONCE)
    expect(page.locator(".st-key-meeting_newest")).to_have_count(0)
    for place in (5, 7):
        settled(page)
        slides.nth(place).click()
        expect(slides.nth(place).locator("input")).to_be_checked()
    settled(page)
    assert kept(store) == (made.number, made.as_of)


def test_the_newest_data_once_taken_stay_until_they_are_sealed(store, newer, serve_store, quiet_page, settled):
    """Prepare, publish newer, take the newest, present, choose a slide, seal: all on the new release and its day."""
    page = quiet_page
    url = serve_store(store)
    prepare(page, url)
    before = kept(store)
    made = newer()
    newest = (made.number, made.as_of)
    page.reload()
    page.get_by_text(t("meeting.settings")).click()
    assert kept(store) == before  # it is offered, and not slipped in
    page.locator(".st-key-meeting_newest button").click()
    expect(page.locator(".st-key-meeting_newest")).to_have_count(0)
    settled(page)
    assert kept(store) == newest
    day = page.locator("[class*=st-key-meeting_HY][class*=_as_of]")
    expect(day).to_contain_text("18")

    page.locator(".st-key-meeting_start button").click()
    stage = page.locator("dialog.tzs[open]")
    expect(stage).to_be_visible(timeout=60_000)
    assert f"第 {made.number} 版" in stage.locator(".tzs-deck .tzs-foot").first.inner_text()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(stage).to_have_count(0)
    assert kept(store) == newest

    settled(page).locator("[class*=st-key-script_place] label").nth(3).click()
    expect(page.locator("[class*=st-key-script_place] label").nth(3).locator("input")).to_be_checked()
    settled(page)
    assert kept(store) == newest

    page.locator(".st-key-meeting_by input").fill("办公室")
    page.get_by_role("button", name=t("meeting.finish"), exact=True).click()
    expect(page.get_by_text("已封存")).to_be_visible()
    (name,) = meetings.capsules(store)
    sealed = meetings.meeting(store, name)
    assert (sealed.release, sealed.as_of) == newest
    page.get_by_role("tab", name=t("meeting.tab_past")).click()
    panel = page.get_by_role("tabpanel").filter(visible=True)
    expect(panel.locator(".tzp-caption").first).to_contain_text(f"第 {made.number} 版")
