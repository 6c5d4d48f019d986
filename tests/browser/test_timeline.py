"""The timeline in a browser: every name whole, none over another, a span and a zoom in the address."""

import re

from playwright.sync_api import expect

CUT_OR_COVERED = """() => {
  const names = [...document.querySelectorAll('.tz-event > span')].filter(one => one.textContent);
  const boxes = names.map(one => [one.textContent, one.getBoundingClientRect()]);
  const dots = [...document.querySelectorAll('.tz-event > .tz-glyph')].map(one => ['●', one.getBoundingClientRect()]);
  const cut = names.filter(one => one.textContent.includes('…')).map(one => 'cut: ' + one.textContent);
  const nameless = [...document.querySelectorAll('.tz-event')].filter(one => !one.querySelector(':scope > span'));
  const over = [];
  boxes.forEach(([text, a], place) => {
    for (const [other, b] of [...boxes.slice(place + 1), ...dots])
      if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3)
        over.push(text + ' × ' + other);
  });
  return [...cut, ...nameless.map(() => 'nameless'), ...over];
}"""


def test_every_name_is_whole_and_no_two_are_over_each_other_whatever_the_window(
    demo_store, serve_store, quiet_page, settled
):
    page = quiet_page
    for lang, width, height in (("zh", 1366, 768), ("zh", 1920, 1080), ("en", 1366, 768), ("en", 390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{serve_store(demo_store)}/timeline?lang={lang}")
        expect(page.locator(".tz-event").first).to_be_visible(timeout=30_000)
        settled(page)
        assert page.evaluate(CUT_OR_COVERED) == [], (lang, width)


def test_a_span_leaves_out_what_does_not_reach_into_it_and_an_event_opens_on_its_sentence(
    demo_store, serve_store, quiet_page, settled
):
    page = quiet_page
    page.goto(f"{serve_store(demo_store)}/timeline?lang=zh&zoom=2")
    expect(page.locator(".tz-event").first).to_be_visible(timeout=30_000)
    settled(page)
    box = page.locator(".tz-scroll").first
    assert box.evaluate("one => one.scrollWidth > 1.5 * one.clientWidth")
    everything = page.locator(".tz-event").count()
    page.locator(".st-key-timeline_span").get_by_text("近一个月").click()
    expect(page).to_have_url(re.compile("span=month"))
    settled(page)
    assert 0 < page.locator(".tz-event").count() < everything
    page.reload()
    expect(page.locator(".st-key-timeline_span").get_by_role("radio", name="近一个月")).to_be_checked(timeout=30_000)
    page.locator(".st-key-timeline_span").get_by_text("全部").click()
    settled(page)
    fact = next(row for row in demo_store.live().rows()["event"].values() if row["fact_id"] and row["started_on"])
    page.locator(f"[data-pick='event:{fact['event_id']}']").click()
    sentence = demo_store.live().rows()["fact"][fact["fact_id"]]["quote_zh"]
    expect(page.get_by_role("dialog").locator("blockquote").first).to_contain_text(sentence[:12])
