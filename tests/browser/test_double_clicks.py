"""Whoever clicks twice gets what one click gives, and is told the same, though the second click comes before the page
has answered the first."""

import re

from playwright.sync_api import expect
from reading import shown, wait_until_settled
from ready_made import copy_of
from signing import sign_in_browser

from taizhang.access import passwords
from taizhang.access.people import People
from taizhang.declared.wording import language
from taizhang.showing import meetings

t = language("zh")


def twice(page, name: str) -> None:
    """Click a button twice, as fast as people do."""
    wait_until_settled(page)
    page.get_by_role("button", name=name, exact=True).first.dblclick(delay=60)


def is_told(page, text: str | re.Pattern) -> None:
    """What is said once stays until the page stands still."""
    expect(page.get_by_text(text).first).to_be_visible(timeout=60_000)
    wait_until_settled(page)
    expect(page.get_by_text(text).first).to_be_visible()


def ready_to_publish(page, url: str):
    shown(page, f"{url}/upload?lang=zh")
    file = {"name": "a.csv", "mimeType": "text/csv", "buffer": "措施编号,责任单位\nCS-019,六科\n".encode()}
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_role("textbox", name="说明")).to_be_visible()
    sign_in_browser(page.locator(".st-key-upload_by"), "整改专班")
    page.get_by_role("textbox", name="说明").fill("更正")
    page.get_by_role("button", name=t("upload.preview")).click()
    expect(page.get_by_role("button", name=t("upload.publish"), exact=True)).to_be_visible(timeout=60_000)
    return page


def test_a_file_is_published_once(tiny_store, tmp_path, serve_store, quiet_page):
    store = copy_of(tiny_store, tmp_path / "store")
    page = ready_to_publish(quiet_page, serve_store(store))
    twice(page, t("upload.publish"))
    is_told(page, "已发布为第 4 版")
    assert store.live_number() == 4


def test_whoever_goes_on_at_once_finds_the_file_published_on_the_way_back(
    tiny_store, tmp_path, serve_store, quiet_page
):
    """The page is left while the file is being published: nothing is broken off half done."""
    store = copy_of(tiny_store, tmp_path / "store")
    page = ready_to_publish(quiet_page, serve_store(store))
    wait_until_settled(page)
    page.get_by_role("button", name=t("upload.publish"), exact=True).click()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=t("overview.menu")).click()
    is_told(page, t("frame.updated", number=4))
    assert store.live_number() == 4
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=t("upload.menu")).click()
    is_told(page, "已发布为第 4 版")
    expect(page.get_by_text(t("upload.invite"))).to_be_visible()


def test_a_meeting_is_prepared_decided_and_sealed_once(tiny_store, tmp_path, serve_store, quiet_page):
    store = copy_of(tiny_store, tmp_path / "store")
    page = shown(quiet_page, f"{serve_store(store)}/meeting?lang=zh")
    page.get_by_label(t("meeting.title"), exact=True).fill("第三次推进会")
    twice(page, t("meeting.prepare"))
    expect(page.locator(".st-key-meeting_start button")).to_be_visible()
    wait_until_settled(page)
    assert len(meetings.open_meetings(store)) == 1
    page.get_by_role("tab", name=t("meeting.step_commitments"), exact=True).click()
    page.get_by_role("textbox", name=t("meeting.content"), exact=True).fill("月底前销号过半")
    twice(page, t("meeting.log"))
    expect(page.locator(".st-key-meeting_promise_0")).to_be_visible()
    wait_until_settled(page)
    assert len(meetings.open_meetings(store)[0].commitments) == 1
    page.keyboard.press("Escape")  # the second click may have opened the list that came to lie under the mouse
    page.get_by_role("tab", name=t("meeting.step_finish"), exact=True).click()
    sign_in_browser(page.locator(".st-key-meeting_by"), "办公室")
    twice(page, t("meeting.finish"))
    is_told(page, re.compile("已封存"))
    assert len(meetings.capsules(store)) == 1


def test_sheets_are_handed_out_once(tiny_store, tmp_path, serve_store, quiet_page):
    store = copy_of(tiny_store, tmp_path / "store")
    page = shown(quiet_page, f"{serve_store(store)}/returns?lang=zh")
    sign_in_browser(page.locator(".st-key-returns_by"), "整改专班")
    twice(page, t("returns.hand_out"))
    is_told(page, re.compile("已记录"))
    assert store.live_number() == 4


def test_an_account_is_made_once_and_its_password_shown(tiny_store, tmp_path, serve_store, quiet_page, monkeypatch):
    monkeypatch.setattr(passwords, "PARAMETERS", {"memory_cost": 8, "time_cost": 1, "parallelism": 1})
    store = copy_of(tiny_store, tmp_path / "store")
    People(store.folder).add("boss", "主任", "administrator", "河东-meeting-42")
    page = quiet_page
    page.goto(f"{serve_store(store)}/people?lang=zh")
    page.get_by_label("登录名").fill("boss")
    page.get_by_label("密码").fill("河东-meeting-42")
    page.get_by_role("button", name="登录").click()
    expect(page.locator(".st-key-people_name input")).to_be_visible()
    page.locator(".st-key-people_name input").fill("clerk")
    page.locator(".st-key-people_shown input").fill("某科员")
    twice(page, t("people.add"))
    expect(page.get_by_test_id("stCode")).to_be_visible()
    wait_until_settled(page)
    password = page.get_by_test_id("stCode").inner_text().strip()
    assert passwords.is_right(password, People(store.folder).named("clerk").password)


def test_a_district_stays_chosen(tiny_store, serve_store, quiet_page):
    """A click on the one that is chosen lifts it again; the second click of two is none."""
    page = shown(quiet_page, f"{serve_store(tiny_store)}/research?lang=zh")
    page.locator(".tz-row[data-pick^='district:']").first.dblclick(delay=60)
    expect(page.locator(".st-key-crumb_everywhere")).to_be_visible()
    wait_until_settled(page)
    expect(page.locator(".st-key-crumb_everywhere")).to_be_visible()
    assert "district=" in page.url
