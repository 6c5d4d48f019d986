"""How a reader comes to a page: by its link, until it stands there whole."""

from playwright.sync_api import Page, expect

# What is being folded out moves under the mouse: a click that begins on a button and ends beside it is none.
STILL = """async () => {
  const frame = () => new Promise(requestAnimationFrame)
  await frame()
  await frame()
  const ends = one => one.playState === 'running' && one.effect.getComputedTiming().endTime !== Infinity
  await Promise.all(document.getAnimations().filter(ends).map(one => one.finished.catch(() => {})))
}"""


def wait_until_settled(page: Page) -> None:
    """Returns when the page's script has run to its end and the browser has drawn what it sent, uncovered, and nothing
    moves any more."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    page.locator("html:not([data-tz-cover])").wait_for(state="attached")  # what is covered has no text to read
    page.evaluate(STILL)


def shown(page: Page, url: str) -> Page:
    """The page of a link, drawn whole."""
    page.goto(url)
    expect(page.locator(".tzp-head").first).to_be_visible(timeout=30_000)
    wait_until_settled(page)
    return page
