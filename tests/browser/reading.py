"""How a reader comes to a page: by its link, until it stands there whole."""

from playwright.sync_api import Page, expect

# What is being folded out moves under the mouse: a click that begins on a button and ends beside it is none.
STILL = """async () => {
  const frame = () => new Promise(requestAnimationFrame)
  const ends = one => one.playState === 'running' && one.effect.getComputedTiming().endTime !== Infinity
  const still = async () => {
    await frame()
    await frame()
    await Promise.all(document.getAnimations().filter(ends).map(one => one.finished.catch(() => {})))
  }
  const late = new Promise(then => setTimeout(then, 3000))  // what is held for good never tells that it ended
  await Promise.race([still(), late])
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
