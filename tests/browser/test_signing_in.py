"""Signing in and out in a browser: the page asked for, what a reader is not offered, and that it ends everywhere."""

import shutil

import axe
from playwright.sync_api import expect

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
