"""What every exhibit offers: the whole screen, its data for a spreadsheet, its picture for a document."""

import csv
import io
from pathlib import Path

import openpyxl
from playwright.sync_api import expect


def test_an_exhibit_fills_the_screen_and_is_taken_along_as_data_and_as_a_picture(
    demo_store, serve_store, quiet_page, settled
):
    page = quiet_page
    page.goto(f"{serve_store(demo_store)}/overview?lang=zh")
    expect(page.locator(".tzp-head")).to_be_visible(timeout=30_000)
    settled(page)
    exhibit = page.locator(".st-key-exhibit-overview-units")
    whole = exhibit.get_by_role("button", name="全屏看这一幕")
    whole.click()
    page.locator(".st-key-exhibit-overview-units:fullscreen").wait_for()
    whole.click()
    page.locator(".st-key-exhibit-overview-units:not(:fullscreen)").wait_for()
    whole.click()
    page.locator(".st-key-exhibit-overview-units:fullscreen").wait_for()
    exhibit.locator("[class*=st-key-source] button").click()  # what opens would lie behind the whole screen
    page.locator(".st-key-exhibit-overview-units:not(:fullscreen)").wait_for()
    panel = page.get_by_role("dialog")
    expect(panel.locator(".tz-table").first).to_be_visible()

    taken = {}
    for kind in ("csv", "xlsx", "png", "svg"):
        with page.expect_download() as waiting:
            panel.locator(f".st-key-take_{kind} button").click()
        assert waiting.value.suggested_filename.endswith(f".{kind}")
        taken[kind] = Path(waiting.value.path()).read_bytes()
    lines = list(csv.reader(io.StringIO(taken["csv"].decode("utf-8-sig"))))
    units = {row["unit"] for row in demo_store.live().ask("units", as_of=demo_store.live().as_of).records()}
    assert {line[0] for line in lines[1:]} == units
    sheet = openpyxl.load_workbook(io.BytesIO(taken["xlsx"])).active
    assert [cell.value for cell in sheet["A"]] == [line[0] for line in lines]
    assert taken["png"].startswith(b"\x89PNG")
    assert taken["svg"].startswith(b"<svg")
    assert b"http://" not in taken["svg"].replace(b"http://www.w3.org/", b"")  # it asks for nothing
