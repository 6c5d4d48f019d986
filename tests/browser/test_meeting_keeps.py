"""A meeting keeps what it was told: what the browser still holds of an earlier screen moves nothing."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect
from ready_made import copy_of
from signing import sign_in_browser

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


def sealed(store: Store) -> meetings.Meeting:
    (name,) = meetings.capsules(store)
    return meetings.meeting(store, name)


def prepare(page, url: str) -> None:
    page.goto(f"{url}/meeting?lang=zh")
    page.get_by_label(t("meeting.title"), exact=True).fill("主题教育第四次推进会")
    page.get_by_role("button", name=t("meeting.prepare"), exact=True).click()
    expect(page.locator(".st-key-meeting_start button")).to_be_visible()


def on_the_stage(page, button: str = "meeting_start") -> str:
    """Every word of every slide, as the room is shown it; the stage stays open."""
    page.locator(f".st-key-{button} button").click()
    stage = page.locator("dialog.tzs[open]")
    expect(stage).to_be_visible(timeout=60_000)
    return stage.locator(".tzs-deck").text_content()


def leave_the_stage(page) -> None:
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.tzs[open]")).to_have_count(0)


def correct_the_week_before(page, url: str) -> None:
    """The week that the meeting compares with is told anew in another tab: of one measure, which unit it is with."""
    page.goto(f"{url}/upload?lang=zh")
    file = "措施编号,责任单位\nCS-019,六科\n".encode()
    page.locator("input[type=file]").set_input_files(
        {"name": "整改台账2019-09-27.csv", "mimeType": "text/csv", "buffer": file}
    )
    sign_in_browser(page.locator(".st-key-upload_by"), "整改专班")
    page.get_by_role("textbox", name="说明").fill("上周的单位写错了")
    page.get_by_role("button", name=t("upload.preview")).click()
    page.get_by_role("button", name=t("upload.publish"), exact=True).click(timeout=60_000)
    expect(page.get_by_text("已发布为第 4–5 版，更正连同以后各期")).to_be_visible(timeout=30_000)


def open_step(page, name: str) -> None:
    page.get_by_role("tab", name=t(f"meeting.step_{name}"), exact=True).click()


def shows_slide(page, number: int) -> None:
    chosen = page.locator("[class*=st-key-script_place]").get_by_role("combobox")
    expect(chosen).to_have_value(re.compile(rf"^{number}\. "))


def seal(page) -> None:
    open_step(page, "finish")
    sign_in_browser(page.locator(".st-key-meeting_by"), "办公室")
    page.get_by_role("button", name=t("meeting.finish"), exact=True).click()
    expect(page.get_by_text("已封存")).to_be_visible()


BOTH_AT_ONCE = """
() => [...document.querySelectorAll('.st-key-meeting_newest button'),
       document.querySelector('.st-key-script_after button')].forEach(one => one.click())
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
    expect(page.locator(".st-key-meeting_newest button")).to_be_visible()
    expect(settled(page).locator(".st-key-script_after button")).to_be_visible()
    page.evaluate(BOTH_AT_ONCE)
    expect(page.locator(".st-key-meeting_newest")).to_have_count(0)
    shows_slide(page, 2)
    for number in (3, 4):
        settled(page).locator(".st-key-script_after button").click()
        shows_slide(page, number)
    settled(page)
    assert kept(store) == (made.number, made.as_of)


SEAL_AND_LOOK = """
([sealed, past]) => {
  const tab = () => [...document.querySelectorAll('[role=tab]')].find(one => one.textContent === past);
  new MutationObserver((_, ears) => {
    if (!document.body.textContent.includes(sealed)) return;
    ears.disconnect();
    tab().click();
  }).observe(document.body, { childList: true, subtree: true });
  document.querySelector('[class*="meeting_finish"] button[kind=primaryFormSubmit]').click();
}
"""


def test_whoever_is_quicker_than_the_page_sees_the_meeting_that_was_just_sealed(
    store, serve_store, quiet_page, settled
):
    """It is said that it was sealed while the page is still being drawn: a click that comes then says again, as the
    address does, which meeting was shown before there was this one."""
    page = quiet_page
    prepare(page, serve_store(store))
    (one,) = meetings.open_meetings(store)
    open_step(page, "finish")
    sign_in_browser(page.locator(".st-key-meeting_by"), "办公室")
    settled(page).evaluate(SEAL_AND_LOOK, ["已封存", t("meeting.tab_past")])
    expect(page.get_by_role("tab", name=t("meeting.tab_past"))).to_have_attribute("aria-selected", "true")
    panel = page.get_by_role("tabpanel").filter(visible=True)
    expect(panel.locator(".tzp-caption").first).to_contain_text(one.meeting_id)
    expect(settled(page).get_by_text("已封存")).to_be_visible()
    expect(panel.locator(".tzp-caption").first).to_contain_text(one.meeting_id)


def test_the_newest_data_once_taken_stay_until_they_are_sealed(store, newer, serve_store, quiet_page, settled):
    """Prepare, publish newer, take the newest, present, choose a slide, seal: all on the new release and its day."""
    page = quiet_page
    url = serve_store(store)
    prepare(page, url)
    before = kept(store)
    made = newer()
    newest = (made.number, made.as_of)
    page.reload()
    open_step(page, "settings")
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
    assert f"第 {made.number} 版" in stage.locator(".tzs-deck .tzs-foot").first.text_content()
    leave_the_stage(page)
    assert kept(store) == newest

    open_step(page, "slides")
    settled(page).locator(".st-key-script_after button").click()
    shows_slide(page, 2)
    settled(page)
    assert kept(store) == newest

    seal(page)
    assert (sealed(store).release, sealed(store).as_of) == newest
    page.get_by_role("tab", name=t("meeting.tab_past")).click()
    panel = page.get_by_role("tabpanel").filter(visible=True)
    expect(panel.locator(".tzp-caption").first).to_contain_text(f"第 {made.number} 版")


def pinned(one: meetings.Meeting) -> tuple[int, dt.date, int, dt.date]:
    return one.release, one.as_of, one.compared, one.compare_on


@pytest.mark.parametrize("takes_the_newest", [False, True], ids=["stays", "takes the newest"])
def test_a_correction_of_an_earlier_day_reaches_a_meeting_when_it_is_taken_and_what_was_shown_is_sealed(
    takes_the_newest, store, serve_store, quiet_page, reading_room, settled
):
    """Prepare; in another tab the week before is corrected, and this one with it; what the room sees is sealed."""
    page, url = quiet_page, serve_store(store)
    prepare(page, url)
    (one,) = meetings.open_meetings(store)
    days = one.as_of, one.compare_on
    assert pinned(one) == (3, days[0], 2, days[1])
    correct_the_week_before(reading_room.new_page(), url)
    assert store.live_number() == 5
    page.bring_to_front()

    before = on_the_stage(page)  # the click comes from a page that was drawn before the correction
    assert [word in before for word in ("第 3 版", "五科", "第 5 版", "六科")] == [True, True, False, False]
    leave_the_stage(page)
    assert pinned(meetings.open_meetings(store)[0]) == (3, days[0], 2, days[1])
    expect(page.locator(".st-key-meeting_newest button")).to_contain_text("5")
    if takes_the_newest:
        page.locator(".st-key-meeting_newest button").click()
        expect(page.locator(".st-key-meeting_newest")).to_have_count(0)
    shown = on_the_stage(settled(page))
    told = (5, days[0], 4, days[1]) if takes_the_newest else (3, days[0], 2, days[1])
    assert [word in shown for word in ("第 5 版", "六科", "五科")] == [takes_the_newest] * 2 + [not takes_the_newest]
    assert (shown == before) is not takes_the_newest
    leave_the_stage(page)

    seal(settled(page))
    assert pinned(sealed(store)) == told
    page.get_by_role("tab", name=t("meeting.tab_past")).click()
    again = on_the_stage(settled(page), "meeting_replay")
    assert again == shown
