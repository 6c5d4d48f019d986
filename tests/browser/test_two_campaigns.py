"""Two campaigns open in two tabs of one browser: nothing of the one is ever seen, kept or written in the other."""

import datetime as dt
import re

from playwright.sync_api import expect
from ready_made import copy_of
from signing import sign_in_browser
from test_campaigns import TWO, publish

from taizhang.declared.wording import language
from taizhang.showing import meetings
from taizhang.store import Store
from taizhang.store.campaigns import Campaigns

t = language("zh")
FILE = "措施编号,整改措施,整改状态\nCS-901,只在水务局,整改中\n".encode()


def head(page):
    return page.locator(".tzp-whose")


def test_two_tabs_of_two_campaigns_share_nothing(tiny_store, tmp_path, serve_store, quiet_page, settled):
    data = copy_of(tiny_store, tmp_path / "data")
    known = Campaigns(data.folder)
    publish(known.new("GJ2").store, TWO, dt.date(2025, 4, 1))
    old, new = known.named("main").store, known.named("GJ2").store
    url = serve_store(data)
    one, other = quiet_page, quiet_page.context.new_page()
    one.goto(f"{url}/upload?campaign=GJ2")
    other.goto(f"{url}/upload?campaign=main")
    for page, name in ((one, "供水管网改造"), (other, "测试单位")):
        expect(head(page)).to_contain_text(name, timeout=30_000)

    # A file handed in, and a meeting prepared, in the one tab only.
    one.locator("input[type=file]").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": FILE})
    expect(one.get_by_text("只在水务局").first).to_be_visible(timeout=30_000)
    sign_in_browser(one.locator(".st-key-upload_by"), "水务局督查办")
    one.locator(".st-key-upload_note_text input").fill("第一份")
    one.get_by_role("button", name=t("upload.preview")).click()
    expect(one.get_by_role("button", name=t("upload.publish"), exact=True)).to_be_visible(timeout=30_000)
    settled(other).reload()
    expect(head(other)).to_contain_text("测试单位", timeout=30_000)
    assert "CS-901" not in settled(other).locator("body").inner_text()
    other.get_by_role("link", name=t("meeting.menu")).click()
    other.get_by_label(t("meeting.title"), exact=True).fill("测试单位的会")
    other.get_by_role("button", name=t("meeting.prepare"), exact=True).click()
    expect(other.locator(".st-key-meeting_start")).to_be_visible(timeout=30_000)
    one.get_by_role("button", name=t("upload.publish"), exact=True).click()
    expect(one.get_by_text(re.compile("已发布为第 2 版"))).to_be_visible(timeout=30_000)

    # Each went where it belongs; who signs for the one is not offered for the other.
    assert (new.live_number(), old.live_number()) == (2, tiny_store.live_number())
    assert [each.title for each in meetings.open_meetings(old)] == ["测试单位的会"]
    assert meetings.open_meetings(new) == []
    assert "测试单位的会" not in settled(one).locator("body").inner_text()
    cookies = {each["name"] for each in one.context.cookies()}
    assert {"taizhang_by_GJ2"} == {name for name in cookies if name.startswith("taizhang_by_")}

    # The switch at the top leads the tab to the other campaign, with nothing of this one: a new session.
    box = settled(one).locator(".st-key-campaign").get_by_role("combobox")
    box.click()
    one.get_by_role("option").filter(has_text="测试单位").click()
    expect(head(one)).to_contain_text("测试单位", timeout=30_000)
    assert "campaign=main" in one.url
    text = settled(one).locator("body").inner_text()
    assert "CS-901" not in text
    assert "水务局督查办" not in text
    one.go_back()
    expect(head(one)).to_contain_text("供水管网改造", timeout=30_000)


def test_a_campaign_taken_along_as_one_file_shows_the_same_board_on_an_empty_machine(
    tiny_store, tmp_path, serve_store, quiet_page, settled
):
    page = quiet_page
    here, there = copy_of(tiny_store, tmp_path / "here"), Store(tmp_path / "there")
    there.make_folder()

    def board() -> list[str]:
        expect(page.locator(".tz-figure").first).to_be_visible(timeout=60_000)
        figures = settled(page).locator(".tz-figure").all_inner_texts()
        return [head(page).inner_text(), *figures]

    page.goto(f"{serve_store(here)}/?lang=zh")
    shown = board()
    page.goto(f"{serve_store(here)}/start?lang=zh")
    with page.expect_download() as taken:
        page.get_by_role("button", name=t("archive.take")).click()
    page.goto(f"{serve_store(there)}/new?lang=zh")
    expect(page.get_by_text(t("archive.in_title"))).to_be_visible(timeout=30_000)
    archive = {"name": taken.value.suggested_filename, "mimeType": "application/zip"}
    page.locator("input[type=file]").set_input_files({**archive, "buffer": taken.value.path().read_bytes()})
    page.get_by_role("button", name=t("archive.bring"), exact=True).click()
    assert board() == shown
    (one,) = Campaigns(there.folder).all()
    assert one.store.live().rows() == tiny_store.live().rows()


def test_two_campaigns_called_alike_stay_apart_in_the_control_that_leads_from_one_to_the_other(
    tmp_path, serve_store, quiet_page, settled
):
    """As this year's and last year's are. The first click on a page must not lead to the other."""
    known = Campaigns(tmp_path / "data")
    for name in ("A2025", "B2026"):
        publish(known.new(name).store, TWO, dt.date(2025, 4, 1))
    page = quiet_page
    page.goto(f"{serve_store(Store(known.folder))}/meeting?lang=zh&campaign=B2026")
    page.get_by_label(t("meeting.title"), exact=True).fill("例会")
    page.get_by_role("button", name=t("meeting.prepare"), exact=True).click()
    expect(page.locator(".st-key-meeting_start")).to_be_visible(timeout=30_000)
    assert [len(meetings.open_meetings(known.named(name).store)) for name in ("A2025", "B2026")] == [0, 1]
