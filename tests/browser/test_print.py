"""A page on paper: A4 landscape, without the frame, nothing cut, all tabs one after the other, dark ink on white."""

import io
import re
import unicodedata

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

A4 = (841.9, 595.0)  # points, landscape

CUT = """() => [...document.querySelectorAll('.tz-scroll, .tz-table, .tz-timeline, .tz-figures')]
  .filter(one => one.getBoundingClientRect().width && one.getBoundingClientRect().right > innerWidth + 1)
  .map(one => one.className + ' ' + one.textContent.slice(0, 40))"""


def squeezed(text: str) -> str:
    """Without spaces, and with the usual form of most of what a PDF holds as radicals."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@pytest.mark.parametrize(("name", "lang", "scheme"), [("rectification", "zh", "dark"), ("research", "en", "light")])
def test_a_page_prints_whole_and_without_its_frame(name, lang, scheme, demo_store, serve_store, quiet_page, settled):
    page = quiet_page
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{serve_store(demo_store)}/{name}?lang={lang}")
    expect(page.locator(".tzp-head")).to_be_visible(timeout=30_000)
    settled(page)
    titles = page.locator(".tzp-title").evaluate_all("all => all.map(one => one.firstChild.textContent)")
    menu = page.get_by_test_id("stSidebarNav").get_by_role("link").all_text_contents()
    paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert {tuple(round(float(side), 0) for side in one.mediabox[2:]) for one in paper.pages} == {
        tuple(round(side, 0) for side in A4)
    }
    said = squeezed(" ".join(one.extract_text() for one in paper.pages))
    for title in titles:
        assert re.search("".join(f"[{re.escape(one)}\u2e80-\u2eff]" for one in squeezed(title)[:12]), said), title
    if name == "rectification":  # of tabs that nobody opened, and of rows that were not unfolded
        assert all(key in said for key in demo_store.live().rows()["action"])
    assert squeezed("".join(menu)) not in said  # one below the other, as the sidebar has them
    assert all(one.extract_text().strip() for one in paper.pages)  # no empty sheet

    page.emulate_media(media="print", color_scheme=scheme)
    page.set_viewport_size({"width": 1032, "height": 703})  # A4 within its margins, in CSS pixels
    assert page.evaluate(CUT) == []
    ink = page.locator(".tzp-head h1").evaluate("one => getComputedStyle(one).color")
    assert ink == "rgb(27, 39, 51)"
    drawn = page.locator(".tz-figure .tz-label").first.evaluate("one => getComputedStyle(one).color")
    assert drawn == "rgb(27, 39, 51)"
    assert page.locator("body").evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(255, 255, 255)"
