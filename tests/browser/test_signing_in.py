"""Signing in and out in a browser: the page asked for, what a reader is not offered, that it ends everywhere; and two
people at once."""

import re
import shutil
from pathlib import Path

import axe
from playwright.sync_api import expect
from reading import wait_until_settled
from ready_made import copy_of

from taizhang.access import passwords
from taizhang.access.people import People
from taizhang.store import Store

WORD = "河东-meeting-42"


def test_a_reader_signs_in_reads_and_is_signed_out_on_every_page_at_once(
    article_store, serve_store, quiet_page, tmp_path, monkeypatch
):
    monkeypatch.setattr(passwords, "PARAMETERS", {"memory_cost": 8, "time_cost": 1, "parallelism": 1})
    store = Store(shutil.copytree(article_store.folder, tmp_path / "store"))
    People(store.folder).add("reader", "读者甲", "reader", WORD)
    url, page = serve_store(store), quiet_page
    page.goto(f"{url}/releases?lang=zh")
    assert axe.found(page) == []
    page.get_by_label("登录名").fill("reader")
    page.get_by_label("密码").fill(WORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="数据是怎样一步步变成现在这样的？")).to_be_visible()
    assert "/releases" in page.url
    expect(page.get_by_text("读者甲 · 读者")).to_be_visible()
    expect(page.get_by_role("link", name="数据版本")).to_be_visible()
    expect(page.get_by_role("link", name="更新数据")).to_have_count(0)
    expect(page.locator(".st-key-releases_acts")).to_be_visible()
    expect(page.locator(".st-key-releases_undo")).to_have_count(0)
    other = page.context.new_page()
    other.goto(f"{url}/research?lang=zh")
    expect(other.get_by_text("读者甲 · 读者")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_text("已退出登录。")).to_be_visible()
    expect(other.get_by_label("登录名")).to_be_visible()  # it was open, and leads there by itself
    other.close()


LINES = b"action_id,blocker\nCS-004,\xe4\xba\x8c\xe7\xa7\x91\xe7\x9a\x84\xe9\x9a\xbe\xe5\xa4\x84\n"


def come_in(page, url: str, name: str, path: str) -> None:
    page.goto(f"{url}/{path}")
    page.get_by_label("登录名").fill(name)
    page.get_by_label("密码").fill(WORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_text(f"{name}·某人")).to_be_visible()


def taken(page) -> str:
    """Take the first exhibit's data along: the address that they came from, and what they say."""
    wait_until_settled(page)
    page.locator("[class*=st-key-source] button").first.click()
    wait_until_settled(page)
    button = page.get_by_role("dialog").locator(".st-key-take_csv button")
    with page.expect_download() as waiting:
        button.click()
    assert Path(waiting.value.path()).read_bytes().startswith(b"\xef\xbb\xbf")
    return waiting.value.url  # which is there as long as the panel is


def test_two_people_at_once_never_see_each_others_files_drafts_filters_or_rows(
    tiny_store, serve_store, quiet_page, browser, tmp_path, monkeypatch
):
    monkeypatch.setattr(passwords, "PARAMETERS", {"memory_cost": 8, "time_cost": 1, "parallelism": 1})
    store = copy_of(tiny_store, tmp_path / "store")
    people = People(store.folder)
    for name, role in (("clerk", "editor"), ("east", "reader")):
        people.add(name, f"{name}·某人", role, WORD)
    people.hold_to("east", ["MCA-E"])
    url, clerk = serve_store(store), quiet_page
    with browser.new_context() as context, context.new_page() as east:
        come_in(clerk, url, "clerk", "rectification?lang=zh&as_of=2019-09-27")
        come_in(east, url, "east", "overview?lang=zh")
        expect(clerk.get_by_text("CS-004").first).to_be_attached()
        for own, other in ((clerk, east), (east, clerk)):
            file = taken(own)  # and at once: it is there until its page is drawn anew
            assert [page.request.get(file).status for page in (own, other)] == [200, 404]

        clerk.goto(f"{url}/upload?lang=zh")
        place = clerk.locator("[class*=st-key-upload_files] input[type=file]")
        place.set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": LINES})
        expect(clerk.get_by_text("二科的难处").first).to_be_attached()
        wait_until_settled(clerk)  # the draft is built after what changes is shown
        (draft,) = (one.name for one in (store.folder / "drafts").iterdir() if one.is_dir())
        east.goto(f"{url}/rectification?lang=zh&draft={draft}&key=CS-004&district=MCA-W")
        expect(east.locator(".tzp-head")).to_be_visible()
        wait_until_settled(east)
        seen = east.content()
        assert not re.search("二科|CS-004(?!&)|西市", seen)
        assert "2019-09-27" not in east.url
        expect(clerk.get_by_text("二科的难处").first).to_be_attached()  # and nothing of theirs was moved
