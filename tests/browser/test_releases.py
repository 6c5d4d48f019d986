"""The releases page in a real browser: take a release back, choose on conflicts, compare, get the original file."""

import hashlib
import re
import shutil
from pathlib import Path

import axe
import pytest
from playwright.sync_api import expect
from reading import shown
from ready_made import copy_of
from signing import sign_in_browser

from taizhang.store import Store, releases


@pytest.fixture
def store(demo_store, tmp_path) -> Store:
    """A copy of the demo store to publish into."""
    return Store(shutil.copytree(demo_store.folder, tmp_path / "store"))


def figures(page, url: str) -> list[str]:
    values = shown(page, url).locator(".tz-figure .tz-value")
    expect(values.first).to_be_visible()
    return values.all_inner_texts()


def ask_to_undo(page, url: str, number: int):
    """The dialog that asks before a release is taken back."""
    shown(page, f"{url}/releases?shown={number}")
    page.locator(".st-key-releases_undo button").click()
    return page.get_by_role("dialog")


def sign(dialog) -> None:
    sign_in_browser(dialog.locator(".st-key-releases_undo_by"), "办公室")
    dialog.locator(".st-key-releases_undo_note input").fill("文件发错了")
    dialog.locator(".st-key-releases_undo_confirm button").click()


def test_an_undo_says_what_it_will_do_wants_a_name_and_leaves_the_board_as_before(store, serve_store, quiet_page):
    url = serve_store(store)
    before = figures(quiet_page, f"{url}/?release=12")
    assert figures(quiet_page, url) != before
    dialog = ask_to_undo(quiet_page, url, 13)
    expect(dialog).to_contain_text("19 行的 65 格改回原值；移除它新增的 17 行")
    confirm = dialog.locator(".st-key-releases_undo_confirm button")
    expect(confirm).to_contain_text("36 行回到第 12 版的值")
    confirm.click()
    expect(dialog).to_contain_text("请先写明姓名和撤销原因")
    sign_in_browser(dialog.locator(".st-key-releases_undo_by"), "办公室")
    expect(dialog.get_by_test_id("InputInstructions").first).not_to_be_visible()
    assert store.live_number() == 13
    sign(dialog)
    expect(quiet_page.get_by_test_id("stAlert")).to_contain_text("已撤销第 13 版，发布为第 14 版", timeout=30_000)
    assert figures(quiet_page, url) == before
    expect(quiet_page.locator(".tzp-head")).to_contain_text("数据截至 2019-11-22")
    shown(quiet_page, f"{url}/releases")
    expect(quiet_page.get_by_text("已被第 14 版撤销").first).to_be_visible()
    expect(quiet_page.get_by_text("文件发错了").first).to_be_visible()
    assert store.live().rows() == store.release(12).rows()


def test_a_cell_changed_again_later_is_chosen_on_by_itself(store, serve_store, quiet_page, settled):
    url = serve_store(store)
    dialog = ask_to_undo(quiet_page, url, 12)
    expect(dialog).to_contain_text("格后来又改过，请选择")
    dialog.locator("summary").click()
    settled(quiet_page)
    expect(dialog.get_by_text("整改措施台账 CS-004-1“进度%”：现在“65”，原值“50”")).to_be_visible()
    first = dialog.locator(".st-key-releases_cell_0")
    assert axe.found(quiet_page, within="[role=dialog]") == []
    first.get_by_text("改回原值").click()
    expect(first.get_by_role("radio", name="改回原值")).to_have_attribute("aria-checked", "true")
    sign(dialog)
    expect(quiet_page.get_by_test_id("stAlert")).to_contain_text("已撤销第 12 版，发布为第 14 版", timeout=30_000)
    now, later = store.live().rows()["action"], store.release(13).rows()["action"]
    assert now["CS-004-1"]["percent"] == 50
    assert now["CS-004-1"]["progress_note"] == later["CS-004-1"]["progress_note"]


def test_an_undo_is_not_written_over_what_somebody_published_meanwhile(tiny_store, tmp_path, serve_store, quiet_page):
    store = copy_of(tiny_store, tmp_path / "store")
    url = serve_store(store)
    dialog = ask_to_undo(quiet_page, url, 3)
    expect(dialog.locator(".st-key-releases_undo_confirm button")).to_be_visible()
    note = releases.Note("别人", store.live().as_of, "抢先", "First")
    store.take_back(3, note)
    sign(dialog)
    expect(dialog).to_contain_text("刚刚有人发布了第 4 版，没有写入任何内容")
    assert store.live_number() == 4


def test_a_dialog_that_is_closed_does_nothing(demo_store, serve_store, quiet_page):
    dialog = ask_to_undo(quiet_page, serve_store(demo_store), 13)
    sign_in_browser(dialog.locator(".st-key-releases_undo_by"), "办公室")
    expect(dialog.get_by_role("combobox")).to_have_attribute("aria-expanded", "false")  # Escape would close its list
    quiet_page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    assert demo_store.live_number() == 13


def test_the_original_comes_back_byte_for_byte_under_a_name_with_its_checksum(
    demo_store, serve_store, quiet_page, settled
):
    page = shown(quiet_page, f"{serve_store(demo_store)}/releases?shown=12")
    page.get_by_test_id("stExpander").filter(has_text="收到的文件").locator("summary").click()
    settled(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载原始文件").click()
    data = Path(waiting.value.path()).read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    assert (demo_store.folder / "received" / sha256).read_bytes() == data
    assert re.fullmatch(rf"action-{sha256[:8]}\.csv", waiting.value.suggested_filename)
    expect(page.get_by_text(sha256)).to_be_visible()


def test_any_two_releases_are_compared_and_a_count_opens_its_rows(demo_store, serve_store, quiet_page):
    page = shown(quiet_page, f"{serve_store(demo_store)}/releases")
    page.get_by_role("tab", name="对比两版").click()
    expect(page.get_by_text("从第 12 版到第 13 版，36 行不同")).to_be_visible()
    page.locator(".st-key-releases_older").get_by_role("combobox").click()
    page.keyboard.type("第 5 版")
    page.get_by_role("option", name=re.compile("第 5 版")).click()
    expect(page.get_by_text("从第 5 版到第 13 版，189 行不同")).to_be_visible()
    page.locator("[data-pick='diff:5:13:action:redated']").click()
    expect(page.get_by_text("整改措施台账：改期 4 行")).to_be_visible()
    expect(page).to_have_url(re.compile("part=two.*older=5"))


def test_a_count_opens_its_rows_a_row_its_history_and_a_release_its_changes(demo_store, serve_store, quiet_page):
    page = shown(quiet_page, f"{serve_store(demo_store)}/releases?shown=12")
    page.locator("[data-pick='rows:12:suggestion:changed']").click()
    expect(page.get_by_text("意见建议：第 12 版变更 4 行")).to_be_visible()
    page.locator("[data-pick='rows:12:action:changed']").click()
    page.locator("[data-pick='row:action:CS-001-1']").first.click()
    expect(page.get_by_text("整改措施台账 CS-001-1：19 处变更")).to_be_visible()
    link = page.url
    page.locator("[data-pick='release:8']").last.click()
    expect(page.get_by_text(re.compile("第 8 版：新增 12 行，变更 20 行"))).to_be_visible()
    shown(page, link)
    expect(page.get_by_text("整改措施台账 CS-001-1：19 处变更")).to_be_visible()


def test_the_board_opens_at_a_release_and_the_link_says_so(demo_store, serve_store, quiet_page):
    page = shown(quiet_page, f"{serve_store(demo_store)}/releases?shown=6&district=MCA440781")
    page.get_by_role("button", name="看板回到这一版").click()
    expect(page.locator(".tzp-head")).to_contain_text("数据截至 2019-10-11")
    expect(page.locator(".tzp-head")).to_contain_text("台山市")
    expect(page).to_have_url(re.compile(r"/\?.*release=6"))
