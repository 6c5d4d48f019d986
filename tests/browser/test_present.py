"""Present mode in a real browser: by key, by clicker, by mouse alone, on four screens, in two windows."""

import datetime as dt
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

import axe
import pytest
from playwright.sync_api import expect

from taizhang.exhibits.views import Choices, look
from taizhang.showing import meetings
from taizhang.showing.commitments import unit_names
from taizhang.showing.meetings import Meeting, ScriptLine
from taizhang.store import Store

SCREENS = ((1920, 1080), (1366, 768), (1280, 720), (1024, 768))
DISTRICT = "MCA440783"
HELD = dt.date(2019, 12, 2)
MORE = (
    ScriptLine(("research.topic_matrix",)),
    ScriptLine(("timeline.lanes",)),
    ScriptLine(("overview.attention",)),
    ScriptLine(("research.figures", "research.map"), DISTRICT, "开平单独看：先说已计划的乡镇。"),
)

# What is wrong with any slide of the deck on screen: text cut, outside, over the footer or each other, too small, in
# more than six sizes; a slide nearly empty; a word, a name, a day or a number with what it counts on two lines.
FAULTS = """
names => [...document.querySelectorAll('.tzs-deck:not([hidden]) .tzs-slide')].flatMap((slide, place) => {
  const found = [], box = slide.getBoundingClientRect(), u = box.height / 100;
  const foot = slide.querySelector('.tzs-foot').getBoundingClientRect();
  const say = (what, text) => found.push(`${place + 1} ${slide.dataset.name}: ${what} ${text}`.slice(0, 120));
  const drawn = [], walk = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const element = node.parentElement, range = document.createRange();
    if (!node.data.trim() || !element.getClientRects().length) continue;
    const scale = element.closest('text') ? element.getScreenCTM().d : 1;
    const size = parseFloat(getComputedStyle(element).fontSize) * scale;
    if (size < 2.2 * u - 0.01) say(`only ${(size / u).toFixed(2)} vh:`, node.data);
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      const air = Math.max(0, (rect.height - size) / 2);  // of the line around the letters
      const letters = { left: rect.left, right: rect.right, top: rect.top + air, bottom: rect.bottom - air };
      if (rect.width < 1) continue;
      const isBeside = letters.left < box.left || letters.right > box.right + 1;
      if (isBeside || letters.top < box.top || letters.bottom > box.bottom) say('outside:', node.data);
      if (!element.closest('.tzs-foot') && letters.bottom > foot.top) say('in the footer:', node.data);
      for (const other of drawn) {
        const wide = Math.min(letters.right, other.right) - Math.max(letters.left, other.left);
        const high = Math.min(letters.bottom, other.bottom) - Math.max(letters.top, other.top);
        if (other.element !== element && wide > 0.2 * u && high > 0.9 * u) say(`over ${other.text}:`, node.data);
      }
      drawn.push({ ...letters, element, size, text: node.data });
    }
  }
  for (const element of [slide, ...slide.querySelectorAll('*')]) {
    if (element.closest('svg,[hidden]') || getComputedStyle(element).display === 'inline') continue;
    const isWider = element.clientWidth && element.scrollWidth > element.clientWidth + 1;
    if (isWider) say('wider than its box:', element.className);
  }
  for (const body of slide.querySelectorAll('.tzs-body, .tzs-card, .tzs-told, .tzs-band'))
    if (body.scrollHeight > body.clientHeight + 1) say('higher than its room:', body.textContent);
  const sizes = [];  // a step of the scale is a twelfth at least
  for (const one of [...new Set(drawn.map(text => text.size / u))].sort((a, b) => a - b))
    if (!sizes.length || one > sizes.at(-1) * 1.05) sizes.push(one);
  if (sizes.length > 6) say('so many sizes of letters:', sizes.map(one => one.toFixed(2)).join(' '));
  const shown = [...slide.querySelectorAll('header, svg, td, li, .tzs-card, .tzs-figure')];
  const edges = shown.map(one => one.getBoundingClientRect()).filter(edge => edge.height);
  const top = Math.min(...edges.map(edge => edge.top)), low = Math.max(...edges.map(edge => edge.bottom));
  const share = (low - top) / (foot.top - top);
  if (share < 0.55 && !slide.dataset.few) say('nearly empty:', share.toFixed(2));
  for (const block of slide.querySelectorAll('h2, h3, p, td, th, li, dd')) {
    const places = [], words = [], walk = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    if (block.querySelector('p, li') || block.closest('.tzs-foot, .tzs-matrix')) continue;
    const all = document.createRange();
    all.selectNodeContents(block);
    const lines = [...all.getClientRects()].map(rect => rect.bottom);
    if (!lines.length || Math.max(...lines) - Math.min(...lines) < u) continue;  // one line breaks nothing
    for (let node = walk.nextNode(); node; node = walk.nextNode())
      for (let at = 0; at < node.length; at++) places.push([node, at]);
    const text = places.map(([node, at]) => node.data[at]).join('');
    for (const word of new Intl.Segmenter('zh', { granularity: 'word' }).segment(text))
      if (/^\\p{Script=Han}{2,}$/u.test(word.segment)) words.push([word.index, word.segment.length]);
    for (const kept of [/\\d{4}-\\d{2}-\\d{2}|\\d+月\\d+日/g, /\\d+\\s(天|日|项|条|个|days?|[A-Z][a-z]{2})(?![a-z])/g])
      for (const found of text.matchAll(kept)) words.push([found.index, found[0].length]);
    for (const name of names)
      for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) words.push([at, name.length]);
    for (const [at, length] of words) {
      const range = document.createRange(), [first, from] = places[at], [last, to] = places[at + length - 1];
      range.setStart(first, from);
      range.setEnd(last, to + 1);
      const tops = [...range.getClientRects()].filter(rect => rect.width > 1).map(rect => rect.top);
      if (Math.max(...tops) - Math.min(...tops) > u) say('on two lines:', text.slice(at, at + length));
    }
  }
  const sized = (mark, least) => slide.querySelectorAll(mark).forEach(one =>
    parseFloat(getComputedStyle(one).fontSize) < least * u - 0.01 && say(`under ${least} vh:`, one.textContent));
  sized('h2', 4);
  sized('.tzs-figures:not(.tzs-less) .tzs-value', 9);
  const heads = new Set([...slide.querySelectorAll('.tzs-matrix th')].map(one => getComputedStyle(one).fontSize));
  if (heads.size > 1) say('heads of a matrix in several sizes:', [...heads].join(' '));
  if (slide.querySelectorAll('.tzs-figures:not(.tzs-lanes) .tzs-figure').length > 4) say('more than four figures', '');
  if (slide.querySelectorAll('table, .tzs-drawing.tzs-wide, .tzs-lanes').length > 1) say('more than one drawing', '');
  return found;
})
"""


# From now on: how much of the room moves by itself while slides are turned.
SHIFTS = """() => {
  let sum = 0;
  const add = all => all.forEach(one => { sum += one.hadRecentInput ? 0 : one.value; });
  const watch = new PerformanceObserver(list => add(list.getEntries()));
  watch.observe({ type: 'layout-shift' });
  window.shifted = () => { add(watch.takeRecords()); return sum; };
}"""
TURN = """place => new Promise(done => {
  document.querySelector('dialog.tzs').stage.go(place);
  requestAnimationFrame(() => requestAnimationFrame(done));
})"""
LOOKED_AT = {"zh": ("meeting.cover", "overview.headline"), "en": ("meeting.decisions", "meeting.next_steps")}  # by axe


@dataclass(frozen=True)
class Room:
    """A store of its own, to be written to, with a meeting that waits to be presented."""

    store: Store
    serve: Callable[[Store], str]
    meeting: Meeting

    @property
    def url(self) -> str:
        return self.serve(self.store)


@pytest.fixture(scope="module")
def room(demo_store, serve_store, tmp_path_factory) -> Room:
    store = Store(tmp_path_factory.mktemp("room") / "store")
    shutil.copytree(demo_store.folder, store.folder)
    one = meetings.prepare(look(store, Choices()), meetings.next_id(store), "主题教育第四次推进会", HELD)
    script = (replace(one.script[0], note="先讲承诺，再讲数字。"), *one.script[1:], *MORE)
    one = meetings.save(store, replace(one, languages=("zh", "en"), script=script))
    return Room(store, serve_store, one)


def opened(page, room: Room, more: str = ""):
    """The stage of the meeting, on its first slide."""
    page.goto(f"{room.url}/meeting?present={room.meeting.meeting_id}{more}")
    stage = page.locator("dialog.tzs[open]")
    expect(stage).to_be_visible(timeout=40_000)
    expect(stage.locator(".tzs-on, .tzs-desk-now .tzs-slide").first).to_be_visible()
    return stage


def at(stage):
    """The footer's n/N of the slide on screen."""
    return stage.locator(".tzs-deck:not([hidden]) .tzs-on .tzs-foot b")


def is_at(stage, number: int) -> None:
    expect(at(stage)).to_have_text(re.compile(rf"^{number}/\d+$"))


def count_of(stage) -> int:
    return int(at(stage).inner_text().split("/")[1])


def press(page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_keys_and_a_clicker_turn_the_slides(room, quiet_page):
    stage = opened(quiet_page, room)
    last = count_of(stage)
    number = 1
    for key, step in (
        ("ArrowRight", 1),
        ("PageDown", 1),
        ("Space", 1),
        ("ArrowDown", 1),
        ("Enter", 1),
        ("ArrowLeft", -1),
        ("PageUp", -1),
        ("ArrowUp", -1),
    ):
        press(quiet_page, key)
        number += step
        is_at(stage, number)
    press(quiet_page, "End", "PageDown")
    is_at(stage, last)
    press(quiet_page, "1", "2", "Enter")
    is_at(stage, 12)
    press(quiet_page, "9", "9", "Enter")
    is_at(stage, last)
    press(quiet_page, "Home", "PageUp")
    is_at(stage, 1)
    for key in ("b", "."):
        press(quiet_page, key)
        expect(stage.locator(".tzs-black")).to_be_visible()
        press(quiet_page, "PageDown")  # whatever is pressed brings the slide back, and turns none
        expect(stage.locator(".tzs-black")).to_be_hidden()
        is_at(stage, 1)


def test_the_stage_covers_everything_and_keeps_the_keys_to_itself(room, quiet_page):
    stage = opened(quiet_page, room)
    assert stage.bounding_box() == {"x": 0, "y": 0, "width": 1280, "height": 720}
    on_top = "([x, y]) => !!document.elementFromPoint(x, y).closest('dialog.tzs')"
    assert all(quiet_page.evaluate(on_top, spot) for spot in ([5, 5], [100, 300], [1270, 10], [640, 700], [1270, 715]))
    press(quiet_page, "?")
    panel = stage.locator("dialog.tzs-panel-help")
    expect(panel).to_be_visible()
    expect(panel).to_contain_text("PageDown")
    press(quiet_page, "PageDown", "Escape")
    expect(panel).to_be_hidden()
    is_at(stage, 1)
    press(quiet_page, "l")
    expect(stage.locator(".tzs-on .tzs-foot")).to_contain_text("Data as of")
    press(quiet_page, "Escape")
    expect(stage.locator(".tzs-hint")).to_have_text("Press Esc again to end the presentation")
    press(quiet_page, "Escape")
    expect(stage).to_have_count(0)
    expect(quiet_page).not_to_have_url(re.compile("present="))


def test_the_mouse_alone_is_enough(room, quiet_page):
    stage = opened(quiet_page, room)
    quiet_page.mouse.click(1000, 300)
    quiet_page.mouse.click(1000, 300)
    is_at(stage, 3)
    quiet_page.mouse.click(200, 300)
    is_at(stage, 2)
    bar = stage.locator(".tzs-bar")
    for button in bar.locator("button").all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 44, button.inner_text()
    for width, height in SCREENS:  # in the footer's strip, never over what a slide shows, and all of it on the screen
        quiet_page.set_viewport_size({"width": width, "height": height})
        strip, body = bar.bounding_box(), stage.locator(".tzs-deck:not([hidden]) .tzs-on .tzs-main").bounding_box()
        assert strip["y"] >= body["y"] + body["height"], (width, height)
        assert bar.evaluate("bar => bar.scrollWidth <= bar.clientWidth"), (width, height)
    quiet_page.set_viewport_size({"width": 1280, "height": 720})
    quiet_page.mouse.move(640, 360)  # the buttons are awake again
    bar.get_by_text("目录").click()
    stage.locator(".tzs-panel-list li button").nth(4).click()
    is_at(stage, 5)
    bar.get_by_text("下一页").click()
    press(quiet_page, "Space")  # the clicked button does not keep the clicker's keys
    is_at(stage, 7)
    expect(stage).not_to_have_class(re.compile("tzs-awake"), timeout=8000)
    assert bar.evaluate("node => getComputedStyle(node).opacity") == "0"
    assert stage.locator(".tzs-on").evaluate("node => getComputedStyle(node).cursor") == "none"
    quiet_page.mouse.move(600, 400)
    expect(stage).to_have_class(re.compile("tzs-awake"))
    bar.get_by_text("结束").click()
    expect(stage).to_have_count(0)


def test_a_detour_leads_to_the_data_of_the_slide_and_back_to_it(room, page_with_a_window):
    page = page_with_a_window
    stage = opened(page, room, "&district=MCA440781&as_of=2019-10-25")
    press(page, "f", "End")
    page.wait_for_function("!!document.fullscreenElement")
    last = count_of(stage)
    press(page, "d")
    back = page.get_by_role("button", name=f"返回汇报（第 {last} 页）")
    expect(back).to_be_visible()
    head = page.locator(".tzp-head")
    expect(head).to_contain_text("哪些地方去过")
    expect(head).to_contain_text("开平市")
    expect(head).to_contain_text(f"数据截至 {room.meeting.as_of}")
    assert f"release={room.meeting.release}" in page.url
    assert page.evaluate("!!document.fullscreenElement")
    page.get_by_test_id("stSidebarNav").get_by_role("link").nth(5).click()  # and on to another page
    expect(page).to_have_url(re.compile("rectification"))
    back.click()
    expect(stage).to_be_visible()
    is_at(stage, last)
    assert page.evaluate("!!document.fullscreenElement")
    press(page, "Escape")  # out of full screen first
    expect(stage).to_be_visible()
    assert not page.evaluate("!!document.fullscreenElement")
    press(page, "Escape", "Escape")
    expect(stage).to_have_count(0)
    expect(page).to_have_url(re.compile("district=MCA440781"))
    expect(page).to_have_url(re.compile("as_of=2019-10-25"))
    expect(page.locator(".st-key-way_back")).to_have_count(0)


@pytest.mark.parametrize("kind", ["demo", "article"])
def test_every_slide_fits_every_screen_in_both_languages(kind, room, article_store, serve_store, tmp_path, quiet_page):
    if kind == "article":
        store = Store(shutil.copytree(article_store.folder, tmp_path / "store"))
        bare = meetings.prepare(look(store, Choices()), "HY-001", "主题教育推进会", HELD)
        one = meetings.save(store, replace(bare, languages=("zh", "en"), theme="dark"))
        room = Room(store, serve_store, one)
    stage = opened(quiet_page, room)
    quiet_page.evaluate(SHIFTS)
    names = names_of(look(room.store, Choices()))
    pages = []
    for lang in ("zh", "en"):
        deck = stage.locator(f".tzs-deck[data-lang={lang}]")
        expect(deck.locator(".tzs-on")).to_be_visible()
        for width, height in SCREENS:
            quiet_page.set_viewport_size({"width": width, "height": height})
            assert quiet_page.evaluate(FAULTS, names) == [], (lang, width, height)
        rows = "slides => slides.map(one => [one.dataset.name, one.querySelectorAll('tbody tr').length])"
        pages.append(deck.locator(".tzs-slide").evaluate_all(rows))
        quiet_page.wait_for_timeout(600)  # a shift within half a second of a new size is nobody's fault
        for place, (name, _) in enumerate(pages[-1]):
            quiet_page.evaluate(TURN, place)  # not by key: what moves after a key is not counted
            if name in LOOKED_AT[lang]:
                assert axe.found(quiet_page, within=".tzs-deck:not([hidden]) .tzs-on") == [], (lang, name)
        assert quiet_page.evaluate("shifted()") == 0, lang
        press(quiet_page, "l")
    assert axe.found(quiet_page, within=".tzs-bar") == []
    assert pages[0] == pages[1]  # the same slides with the same rows


def names_of(view) -> list[str]:
    """The names of places and units that must not be broken."""
    towns = [row["town_name"] for row in view.ask("coverage_by_town", district=None).records()]
    return ["轮训", *(name for name in towns if name), *unit_names(view)]


def test_the_two_windows_stay_in_step(room, quiet_page):
    stage = opened(quiet_page, room)
    with quiet_page.expect_popup() as popup:
        press(quiet_page, "w")
    desk_page = popup.value
    desk = desk_page.locator("dialog.tzs[open] .tzs-desk")
    expect(desk).to_be_visible(timeout=40_000)
    expect(desk.locator(".tzs-notes")).to_have_text("先讲承诺，再讲数字。")
    second = stage.locator(".tzs-deck[data-lang=zh] .tzs-slide").nth(1).get_attribute("data-title")
    assert desk.locator(".tzs-desk-then .tzs-slide").get_attribute("data-title") == second
    press(quiet_page, "PageDown")
    expect(desk.locator(".tzs-desk-now .tzs-slide")).to_have_attribute("data-title", second)
    expect(desk.locator(".tzs-desk-now h2").first).to_contain_text("第 2 页")
    press(desk_page, "PageDown", "b")
    is_at(stage, 3)
    expect(stage.locator(".tzs-black")).to_be_visible()
    press(desk_page, "b", "End")
    expect(stage.locator(".tzs-black")).to_be_hidden()
    is_at(stage, count_of(stage))
    expect(desk.locator(".tzs-last")).to_be_visible()
    expect(desk.locator(".tzs-desk-foot b").nth(1)).to_have_text(re.compile(r"^0:\d\d:\d\d$"))
    assert desk_page.locator("dialog.tzs-panel-promise").count() == 0
    desk_page.close()


def test_a_commitment_is_logged_without_touching_the_slide_and_is_still_there_later(room, quiet_page):
    stage = opened(quiet_page, room)
    press(quiet_page, "PageDown", "c")
    form = stage.locator("dialog.tzs-panel-promise")
    stage.locator(".tzs-on").evaluate("slide => { slide.untouched = true }")
    form.locator("[name=target]").fill("80")
    form.get_by_role("button", name="记下").click()
    expect(form.locator(".tzs-answer")).to_have_text("请写明议定了什么。")
    form.locator("[name=content]").click()
    quiet_page.keyboard.type("b2f 12月前 <b>办结</b>?")  # no key of these turns, blanks or leaves anything
    form.locator("[name=unit]").fill("新设的专班")
    form.locator("[name=due]").fill("2019-12-20")
    form.locator("[name=kpi]").select_option("K03")
    expect(form.locator(".tzs-field-target span")).to_have_text("目标值（%）")
    form.locator("[name=target]").fill("180")
    form.locator("[name=target]").press("Enter")
    expect(form.locator(".tzs-answer")).to_contain_text("应在 0 到 100 之间")
    expect(form.locator("[name=content]")).to_have_value("b2f 12月前 <b>办结</b>?")  # nothing typed is lost
    form.locator("[name=target]").fill("80%")
    form.get_by_role("button", name="记下").click()
    expect(form.locator(".tzs-logged li")).to_have_count(1)
    expect(form.locator(".tzs-logged li")).to_contain_text("<b>办结</b>")
    expect(form.locator("[name=content]")).to_have_value("")
    assert stage.locator(".tzs-on").evaluate("slide => slide.untouched")
    is_at(stage, 2)
    closing = stage.locator(".tzs-deck:not([hidden]) .tzs-closing")  # the last slide, there from now on
    expect(closing.locator("h2")).to_have_text("今天议定 1 项")
    expect(closing.locator("li")).to_contain_text("新设的专班")
    kept = meetings.meeting(room.store, room.meeting.meeting_id).commitments[-1]
    assert (kept.unit, kept.due_on, kept.kpi, kept.target_value) == (
        "新设的专班",
        dt.date(2019, 12, 20),
        "K03",
        Decimal("0.8"),
    )
    form.locator("[name=content]").fill("还没有写完的一句")
    quiet_page.reload()
    expect(stage).to_be_visible(timeout=40_000)
    is_at(stage, 2)  # the place is kept too
    press(quiet_page, "c")
    expect(form.locator(".tzs-logged li")).to_have_count(1)
    expect(form.locator("[name=content]")).to_have_value("还没有写完的一句")


def test_a_release_published_meanwhile_changes_no_slide(room, quiet_page):
    stage = opened(quiet_page, room)
    before = stage.locator(".tzs-deck[data-lang=zh]").inner_html()
    other = meetings.prepare(look(room.store, Choices()), meetings.next_id(room.store), "另一次会", HELD)
    made = meetings.finish(room.store, meetings.save(room.store, other), "测试")
    assert made.number > room.meeting.release
    quiet_page.reload()
    expect(stage).to_be_visible(timeout=40_000)
    turned_off = re.compile(" tzs-on")
    after = stage.locator(".tzs-deck[data-lang=zh]").inner_html()
    assert turned_off.sub("", after) == turned_off.sub("", before)
    assert f"第 {room.meeting.release} 版" in at(stage).locator("..").text_content()
