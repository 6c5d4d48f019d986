"""Tables as lists one works with: sorted, searched, opened ten rows at a time, folded where it is narrow."""

from playwright.sync_api import expect
from reading import shown


def column(rows, place: int) -> list[str]:
    """The texts of one column of the rows that are seen."""
    return [row.locator("td").nth(place).inner_text().strip() for row in rows.all() if row.is_visible()]


def test_a_list_is_sorted_searched_and_opened_and_keeps_it_while_the_page_is_drawn_anew(
    demo_store, serve_store, quiet_page, settled
):
    quiet_page.set_viewport_size({"width": 1920, "height": 1080})
    page = shown(quiet_page, f"{serve_store(demo_store)}/rectification")
    page.get_by_role("tab", name="全部措施").click()
    box = page.locator(".st-key-surface-rectification-ledger")
    rows = box.locator("tbody tr:not(.tz-detail)")
    keys = sorted(demo_store.live().rows()["action"])
    expect(box.locator(".tz-foot")).to_contain_text("再看 10 行")
    assert column(rows, 0) == keys[:10]
    assert rows.count() == 10  # what is not seen does not stand in the document
    page.emulate_media(media="print")
    expect(rows).to_have_count(len(keys))  # and on paper all of it does
    page.emulate_media(media="screen")
    expect(rows).to_have_count(10)
    assert box.locator(".tz-unfold").count() == 0  # at this width every column is there

    heading = box.get_by_role("button", name="编号")
    heading.click()
    heading.click()
    expect(box.locator("th").first).to_have_attribute("aria-sort", "descending")
    assert column(rows, 0) == keys[::-1][:10]
    box.get_by_role("button", name="现定时限").click()
    days = column(rows, 7)
    assert days == sorted(days)
    assert "—" not in days  # what has no date comes last, whichever way
    heading.click()
    box.get_by_role("button", name="再看 10 行").click()
    assert column(rows, 0) == keys[:20]

    page.locator(".st-key-lang").get_by_text("English").click()
    expect(page.locator(".tzp-head")).to_contain_text("How far has rectification come")
    settled(page)
    page.get_by_role("tab", name="All measures").click()
    expect(box.get_by_role("button", name="2 more")).to_be_visible()  # what was opened stays open
    box.get_by_role("searchbox").fill("cs-004")
    expect(box.locator(".tz-found")).to_have_text(f"found: 2 of {len(keys)}")
    assert column(rows, 0) == ["CS-004-1", "CS-004-2"]
    box.get_by_role("searchbox").fill("nothing of that kind")
    expect(box.locator(".tz-found")).to_have_text(f"found: none of {len(keys)}")
    box.get_by_role("searchbox").fill("")
    box.get_by_role("button", name="CS-001-2", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("CS-001-2")  # a row still leads where it led


def test_columns_that_do_not_fit_are_folded_into_their_row_and_a_box_that_scrolls_says_so(
    demo_store, serve_store, quiet_page
):
    quiet_page.set_viewport_size({"width": 1366, "height": 768})
    page = shown(quiet_page, f"{serve_store(demo_store)}/rectification?lang=en")
    page.get_by_role("tab", name="All measures").click()
    box = page.locator(".st-key-surface-rectification-ledger")
    scroll = box.locator(".tz-scroll")
    expect(box.locator(".tz-unfold").first).to_be_visible()
    assert scroll.evaluate("one => one.scrollWidth <= one.clientWidth + 1")
    expect(box.get_by_role("columnheader", name="Light")).to_be_visible()  # states are folded last
    expect(box.get_by_role("columnheader", name="Progress")).to_be_hidden()
    said = demo_store.live().rows()["action"]["CS-001-1"]["progress_note"]
    box.get_by_role("button", name="Show the other columns: CS-001-1").click()
    expect(box.locator(".tz-detail")).to_contain_text(said)
    box.get_by_role("button", name="Show the other columns: CS-001-1").click()
    expect(box.locator(".tz-detail")).to_have_count(0)

    quiet_page.set_viewport_size({"width": 390, "height": 844})
    expect(box.locator(".tz-sides.tz-goes-right")).to_be_visible()
    scroll.evaluate("one => one.scrollTo(9999, 0)")
    expect(box.locator(".tz-sides.tz-goes-left")).to_be_visible()
    expect(box.locator(".tz-sides.tz-goes-right")).to_have_count(0)
    first = box.locator("tbody td").first
    assert first.evaluate("one => one.getBoundingClientRect().left >= 0")  # the key stays in sight
