"""The search in a browser: the key /, what is typed, and where a result leads."""

import re

from playwright.sync_api import expect

from taizhang.evidence.passports import code
from taizhang.exhibits.catalogue import exhibit
from taizhang.exhibits.views import Choices, look


def test_a_slash_opens_the_search_and_a_result_opens_its_row_or_its_page(demo_store, serve_store, quiet_page, settled):
    page = quiet_page
    page.goto(f"{serve_store(demo_store)}/overview?lang=zh&compare=2019-11-15")
    expect(page.locator(".tzp-head")).to_be_visible(timeout=30_000)
    settled(page)
    page.keyboard.press("/")
    dialog = page.get_by_role("dialog")
    field = dialog.get_by_role("searchbox")
    expect(field).to_be_focused()
    page.keyboard.type("cs/004")  # a slash in a field is a slash
    expect(field).to_have_value("cs/004")
    expect(dialog.get_by_text("没有找到")).to_be_visible()
    field.fill("轮训 干部科")
    dialog.locator("[data-pick='open:action:CS-004-1']").click()
    expect(page.get_by_role("dialog")).to_contain_text("CS-004-1 的每次变化")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    settled(page)
    page.keyboard.press("/")
    field.fill("蓬江区")
    dialog.locator("[data-pick='open:district:MCA440703']").click()
    expect(page).to_have_url(re.compile(r"/research\?.*district=MCA440703"))
    expect(page).to_have_url(re.compile("compare=2019-11-15"))  # what was looked at stays
    settled(page)
    page.keyboard.press("/")
    view = look(demo_store, Choices())
    field.fill(code(exhibit("overview.headline", view), view))
    dialog.locator(".st-key-search_code button").click()
    expect(page).to_have_url(re.compile("/sources.*passport="))
    expect(page.locator(".st-key-enquiry")).to_be_visible()
