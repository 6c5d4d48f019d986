"""A unit types into the grid of its page and hands it in; an editor accepts it; the unit sees that."""

import axe
from playwright.sync_api import expect
from reading import wait_until_settled
from ready_made import copy_of
from test_rounds import first_week, hand_out

from taizhang.access import passwords
from taizhang.access.people import People

WORD = "河东-meeting-42"


def enter(page, url: str, name: str, where: str):
    page.goto(f"{url}/{where}?lang=zh")
    page.get_by_label("登录名").fill(name)
    page.get_by_label("密码").fill(WORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator(".tzp-head").first).to_be_visible()
    wait_until_settled(page)


def test_what_is_typed_into_the_grid_reaches_the_board_once_it_is_accepted(
    ready_made, serve_store, quiet_page, tmp_path, monkeypatch
):
    monkeypatch.setattr(passwords, "PARAMETERS", {"memory_cost": 8, "time_cost": 1, "parallelism": 1})
    store = copy_of(ready_made("asked", first_week), tmp_path / "store")
    hand_out(store)
    people = People(store.folder)
    people.add("jtj", "交通局·某人", "unit", WORD)
    people.hold_to("jtj", ["交通局"])
    people.add("bj", "编辑甲", "editor", WORD)
    url, page = serve_store(store), quiet_page
    enter(page, url, "jtj", "hand_in")
    assert axe.found(page) == []
    grid = page.locator(".stDataFrameGlideDataEditor").first
    grid.click(position={"x": 40, "y": 52})  # the first cell below the headings
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.locator(".gdg-input").fill("已铺一半")
    page.get_by_role("button", name="检查填好的").click()
    expect(page.get_by_text("已动工 → 已铺一半")).to_be_visible()
    page.get_by_role("button", name="报送", exact=True).click()
    expect(page.get_by_text("第 1 份已报送")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    enter(page, url, "bj", "upload")
    expect(page.get_by_role("link", name="更新数据（1）")).to_be_visible()
    page.get_by_role("button", name="看这一份").click()
    expect(page.get_by_text("已动工 → 已铺一半")).to_be_visible()
    wait_until_settled(page)
    page.get_by_label("说明（这次更新了什么）").fill("收下交通局的")
    page.get_by_role("button", name="看看会改变什么结论").click()
    page.locator(".st-key-upload_publish button").click()
    expect(page.get_by_text("已发布为第 3 版")).to_be_visible()
    expect(page.get_by_role("link", name="更新数据（1）")).to_have_count(0)
    page.get_by_role("button", name="退出").click()
    enter(page, url, "jtj", "hand_in")
    expect(page.get_by_text("已收下：第 3 版")).to_be_visible()
    assert store.live().rows()["action"]["CS-1"]["progress_note"] == "已铺一半"
    assert store.live().rows()["request"]["TB-001|交通局"]["returned_on"] is not None
