"""Every page as everyone meets it: it stands still while it is drawn, speaks one language, and can be read by all.

One visit for each page: what axe and the ear for English find on it is asked in both themes and languages there.
"""

import re

import axe
import pytest
from playwright.sync_api import expect
from reading import shown, wait_until_settled

from taizhang.drawing import palette
from taizhang.ui.controls import OF_UNITS, PAGES

# How far everything on a page may jump while it is drawn, by the measure of web browsers; 0.1 counts as good.
MOST_SHIFT = 0.1

MEASURE = """() => {
  window.shifted = 0;
  new PerformanceObserver(seen => {
    for (const one of seen.getEntries()) if (!one.hadRecentInput) window.shifted += one.value;
  }).observe({ type: 'layout-shift', buffered: true });
}"""

# English that may stand on a Chinese page: kinds of files, ways of writing, the product's commands, the other language.
MAY_BE_ENGLISH = re.compile(
    r"taizhang( [\w./-]+)*|English|Excel|Word|PDF|CSV|TSV|ZIP|PNG|SVG|WPS|SHA-256|UTF-8|GB18030|SQL|queries/[\w/.]+"
    r"|PPTX|DOCX|XLSX|HTML|GeoJSON|row、col 和 name|JSON|UTC|MIT|WTFPL|术语 \w+|received 目录|SRC-[A-Z]+"
    r"|[\w./-]+\.(csv|xlsx|xls|zip|duckdb|sql|toml)|\.[a-z]{2,4}|--[\w-]+|[A-Z0-9]{1,3}-[A-Z0-9]{2,6}(-\w+)*|[0-9a-f]{64}|[0-9a-f]{8}…|GS2025|[MG]B|ID|Esc"
)
ALL_WORDS = """() => {
  const found = [], seen = one => one.checkVisibility({ visibilityProperty: true });
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const one = walk.currentNode, parent = one.parentElement;
    if (one.nodeType === 3) {
      const isOurs = !parent.closest('script, style, noscript, code, [data-testid=stIconMaterial], svg [aria-hidden]');
      if (isOurs && seen(parent)) found.push(one.data);
    } else if (seen(one))
      for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-valuetext', 'aria-description'])
        if (one.hasAttribute(name) && !(name === 'placeholder' && /英文/.test(one.ariaLabel)))
          found.push(one.getAttribute(name));
  }
  return found;
}"""


def english_on(page) -> list[str]:
    """What is said in English on a page as it stands, and is none of what may be."""
    left = {text: MAY_BE_ENGLISH.sub("", text) for text in page.evaluate(ALL_WORDS)}
    return sorted(text for text, rest in left.items() if re.search(r"[A-Za-z]{2,}", rest))


def turn_to(page, scheme: str) -> None:
    """As a computer does in the morning or at night: ground and drawings change, without a click."""
    page.emulate_media(color_scheme=scheme)
    ink = palette.tones(scheme)["plain"]
    page.wait_for_function(
        "ink => getComputedStyle(document.documentElement).getPropertyValue('--tzp-ink') === ink", arg=ink
    )


@pytest.fixture
def measured_page(reading_room, quiet_page):
    """A page that measures from the start how far things jump on it."""
    quiet_page.add_init_script(f"({MEASURE})()")
    return quiet_page


# Every page in both languages and both themes; which language in which theme takes turns.
HERE = [name for name in PAGES if name not in OF_UNITS]
IN_TURNS = [(name, ("dark", "light") if place % 2 else ("light", "dark")) for place, name in enumerate(HERE)]


@pytest.mark.parametrize(("name", "schemes"), IN_TURNS, ids=HERE)
def test_a_page_stands_still_speaks_one_language_and_is_for_everyone(
    name, schemes, demo_store, serve_store, measured_page, settled
):
    page = measured_page
    page.set_viewport_size({"width": 1366, "height": 768})
    page.emulate_media(color_scheme=schemes[0])
    shown(page, f"{serve_store(demo_store)}/{'' if name == PAGES[0] else name}?lang=zh")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    assert page.evaluate("shifted") <= MOST_SHIFT
    assert english_on(page) == []
    assert axe.found(page) == []
    for tab in page.get_by_test_id("stMain").get_by_role("tab").all()[1:]:  # what nobody has opened yet
        tab.click()
        wait_until_settled(page)
        assert english_on(page) == []
        assert axe.found(page, within="[role=tabpanel]") == []
    page.locator(".st-key-lang").get_by_text("English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    turn_to(page, schemes[1])
    assert axe.found(settled(page)) == []


def opened(page, button: str, what: str):
    page.locator(button).first.click()
    expect(page.locator(what).first).to_be_visible()
    page.wait_for_function("() => document.getAnimations().every(one => one.playState === 'finished')")
    return page


# What opens over a page: the page, what is clicked, what is there then.
OPENED = {
    "a source": ("study", "[class*=st-key-source] button", "[role=dialog] [role=tab]"),
    "the search": ("study", ".st-key-search_open button", "[role=dialog] input"),
    "a list": ("study", ".st-key-compare [role=group] button", "[role=option]"),
    "a calendar": ("study", ".st-key-as_of [data-testid=stDateInputCalendarButton]", "[role=grid]"),
    "help": ("study", ".st-key-as_of [data-testid=stTooltipIcon] button", "[role=tooltip]"),
}


@pytest.mark.parametrize("what", OPENED)
def test_what_opens_over_a_page_speaks_its_language_and_is_for_everyone(what, demo_store, serve_store, quiet_page):
    name, button, there = OPENED[what]
    page = shown(quiet_page, f"{serve_store(demo_store)}/{name}?lang=zh")
    opened(page, button, there)
    assert english_on(page) == []
    assert axe.found(page) == []


def test_what_a_mark_opens_and_what_is_found_speak_the_language_and_are_for_everyone(
    demo_store, serve_store, quiet_page
):
    page = shown(quiet_page, f"{serve_store(demo_store)}/rectification?lang=zh")
    page.locator(".tz-part[data-mark]").first.click()
    tabs = page.get_by_role("dialog").get_by_role("tab")
    expect(tabs.first).to_be_visible()
    for tab in tabs.all():
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
        assert english_on(page) == []
        assert axe.found(page, within="[role=dialog]") == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    wait_until_settled(page)
    page.keyboard.press("/")
    page.get_by_role("dialog").get_by_role("searchbox").fill("干部")
    expect(page.get_by_role("dialog").locator("[data-pick]").first).to_be_visible()
    assert english_on(page) == []
    assert axe.found(page, within="[role=dialog]") == []


def test_a_file_that_is_in_hand_speaks_its_language_and_is_for_everyone(demo_store, serve_store, quiet_page, settled):
    page = shown(quiet_page, f"{serve_store(demo_store)}/upload?lang=zh")
    expect(page.get_by_test_id("stFileUploaderDropzone")).to_contain_text("选择文件")
    week = "措施编号,责任单位,整改状态\nCS-008-1,社会主义学院,快完成了\n"
    page.locator("input[type=file]").set_input_files(
        {"name": "周报.csv", "mimeType": "text/csv", "buffer": week.encode("gb18030")}
    )
    expect(page.get_by_text("本次文件：周报.csv")).to_be_visible()
    expect(page.get_by_text("正在读")).to_have_count(0)
    for fold in settled(page).locator("[data-testid=stExpander] summary:visible").all():  # grids, columns, every error
        fold.click()
    assert english_on(settled(page)) == []
    assert axe.found(page) == []


# Whether where the keys are is seen: a thick line round it or its box; of a part of a date, its reversed colours.
FOCUS = """() => {
  const at = document.activeElement, page = getComputedStyle(document.body).color;
  const isThick = style => style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 3;
  let isSeen = at.role === 'spinbutton' && getComputedStyle(at).color !== page;
  for (let box = at, up = 0; box && up < 6; box = box.parentElement, up++) isSeen ||= isThick(getComputedStyle(box));
  return [isSeen, `${at.dataset.testid || at.tagName} ${at.getAttribute('aria-label') || at.textContent}`.slice(0, 60)];
}"""


def test_the_keys_lead_to_everything_and_where_they_are_is_always_seen(demo_store, serve_store, quiet_page):
    """From the way past the navigation on, through it and the filters, into the page."""
    page = shown(quiet_page, f"{serve_store(demo_store)}/study?lang=zh")
    passed = []
    for _ in range(45):
        page.keyboard.press("Tab")
        passed.append(page.evaluate(FOCUS))
    assert [where for is_seen, where in passed if not is_seen] == []
    assert "跳到正文" in passed[0][1]
    names = " ".join(where for _, where in passed)
    assert all(name in names for name in ("总览", "年，数据截至", "查找", "出处"))


def test_who_wants_nothing_to_move_sees_nothing_move(demo_store, serve_store, quiet_page):
    quiet_page.emulate_media(reduced_motion="reduce")
    page = shown(quiet_page, f"{serve_store(demo_store)}/study?lang=zh")
    longest = """() => Math.max(...[...document.querySelectorAll('*')].map(one =>
      Math.max(...getComputedStyle(one).transitionDuration.split(',').map(parseFloat))))"""
    assert page.evaluate(longest) < 0.001


def test_for_who_chooses_own_colours_what_an_area_tells_stays(demo_store, serve_store, quiet_page):
    """Areas of a drawing would all be the same ground, and a bar nothing."""
    quiet_page.emulate_media(forced_colors="active")
    page = shown(quiet_page, f"{serve_store(demo_store)}/research?lang=zh")
    ground = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    visited = page.locator(".tz-swatch").first.evaluate("one => getComputedStyle(one).backgroundColor")
    assert visited != ground
