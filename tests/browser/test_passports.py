"""A number passport in a real browser: read off one page, typed into another, and what it leads to."""

import re
import shutil

import pytest
from playwright.sync_api import expect
from reading import shown

from taizhang.exhibits.views import Choices, look
from taizhang.rows.ledgers import LedgerFile, Row
from taizhang.store import Store, releases


@pytest.fixture
def store(demo_store, tmp_path) -> Store:
    """A copy of the demo store to publish into."""
    return Store(shutil.copytree(demo_store.folder, tmp_path / "store"))


def first_figure(page) -> tuple[str, str]:
    """The first figure of the first page and the code it has in the panel of its exhibit, which is shut again."""
    expect(page.locator(".stMain :is(.tz-code,.tzp-code)")).to_have_count(0)  # the page itself is kept quiet
    expect(page.locator(".tz-figure .tz-value").first).to_be_visible()  # the page is covered until it stands
    value = page.locator(".tz-figure .tz-value").first.inner_text()
    page.locator(".st-key-source-overview-headline button").click()
    code = page.get_by_role("dialog").locator(".tzp-codes .tzp-code").nth(1).inner_text()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    return value, code


def correct(store: Store) -> None:
    """A measure that was taken for closed is open again, on the day of the newest data."""
    live = store.live()
    rows = look(store, Choices()).ask("actions").records()
    closed = next(row for row in rows if row["status"] == "closed" and row["rect_type"] == "immediate")
    cells = {"action_id": closed["action_id"], "status": "in_progress"}
    cells.update(dict.fromkeys(("done_on", "closed_on", "verified_by")))
    file = LedgerFile("action", "更正.csv", b"x", "utf-8", (Row(2, cells),))
    store.publish([file], releases.Note("办公室", live.as_of, "更正", "Correction"), live.number)


def asked(page, url: str, code: str):
    """The Sources page with a code typed into its box; returns what it leads to."""
    box = shown(page, f"{url}/sources").locator(".st-key-passport_code input")
    box.fill(code)
    box.press("Enter")
    return page.locator(".st-key-enquiry")


def test_a_code_read_off_a_page_leads_to_the_figure_its_file_and_its_line(demo_store, serve_store, quiet_page):
    url = serve_store(demo_store)
    value, code = first_figure(shown(quiet_page, f"{url}/?as_of=2019-11-08"))
    assert re.fullmatch(r"[0-9A-Z]{1,4}(-[0-9A-Z]{4})+", code)
    found = asked(quiet_page, url, code.lower().replace("-", " "))
    expect(found.locator(".tz-value")).to_have_text(value)
    expect(found).to_contain_text("数据截至 2019-11-08 · 第 10 版")
    expect(found).to_contain_text("今天仍成立")
    found.get_by_role("tab", name="记录与文件").click()
    expect(found.get_by_text("demo/2019-11-08/action.csv").first).to_be_visible()
    expect(quiet_page).to_have_url(re.compile("passport="))
    quiet_page.locator(".st-key-passport_open button").click()
    expect(quiet_page.locator(".tzp-head")).to_contain_text("现在到了哪一步")
    expect(quiet_page.locator(".tzp-head")).to_contain_text("第 10 版")
    assert first_figure(quiet_page) == (value, code)


def test_a_link_with_a_code_opens_it_and_a_corrected_figure_says_so(store, serve_store, quiet_page):
    url = serve_store(store)
    value, code = first_figure(shown(quiet_page, url))
    correct(store)
    page = shown(quiet_page, f"{url}/sources?passport={code}")
    expect(page.locator(".st-key-passport_code input")).to_have_value(code)
    expect(page.locator(".st-key-enquiry")).to_contain_text(f"措施销号 当时 {value}，现为")
    expect(page.locator(".st-key-enquiry")).to_contain_text("第 14 版更正了 1 行")
    shown(page, f"{url}/?release=13")
    expect(page.locator(".tzp-head")).to_contain_text("已由第 14 版更正")


def test_a_wrong_code_is_refused_and_can_be_typed_again(demo_store, serve_store, quiet_page):
    url = serve_store(demo_store)
    asked(quiet_page, url, "GF-DCQX<b>")
    expect(quiet_page.get_by_role("alert").filter(has_text="逐字核对")).to_be_visible()
    expect(quiet_page.locator(".st-key-passport_code input")).to_have_value("GF-DCQX<b>")
    expect(quiet_page.locator(".st-key-enquiry")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_codes_are_quiet_but_readable_and_a_click_copies_one(scheme, demo_store, serve_store, quiet_page):
    """Small, and yet of a contrast that a reader can copy from: 4.5 : 1 at least."""
    quiet_page.emulate_media(color_scheme=scheme)
    page = shown(quiet_page, serve_store(demo_store))
    page.locator(".st-key-source-overview-headline button").click()
    code = page.get_by_role("dialog").locator(".tzp-codes .tzp-code").first
    assert code.evaluate(CONTRAST) >= 4.5
    assert code.evaluate("node => getComputedStyle(node).userSelect") == "all"
    assert code.evaluate("node => parseFloat(getComputedStyle(node).fontSize)") <= 13
    page.evaluate("() => { navigator.clipboard.writeText = async text => { window.copied = text } }")
    page.get_by_role("dialog").locator(".tzp-copy").first.click()
    expect(page.locator("[data-copied]")).to_have_count(1)
    assert page.evaluate("() => window.copied") == code.inner_text()


# The contrast of a node's text with what it stands on, opacity of what surrounds it included.
CONTRAST = """node => {
  const parts = colour => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d');
    canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  let opacity = 1, ground = [255, 255, 255, 255];
  for (let at = node; at; at = at.parentElement) {
    const style = getComputedStyle(at), own = parts(style.backgroundColor);
    if (own[3] === 255) { ground = own; break; }
    opacity *= parseFloat(style.opacity);
  }
  const front = parts(getComputedStyle(node).color).map((one, at) => one * opacity + ground[at] * (1 - opacity));
  const light = colour => {
    const [r, g, b] = colour.map(one => (one /= 255) <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [dark, bright] = [light(front), light(ground)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}"""
