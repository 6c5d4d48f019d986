"""How a reader comes to a page: by its link, until it stands there whole."""

from playwright.sync_api import Page, expect


def wait_until_settled(page: Page) -> None:
    """Returns when the page's script has run to its end and the browser has drawn what it sent, uncovered."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    page.locator("html:not([data-tz-cover])").wait_for(state="attached")  # what is covered has no text to read
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def shown(page: Page, url: str) -> Page:
    """The page of a link, drawn whole."""
    page.goto(url)
    expect(page.locator(".tzp-head").first).to_be_visible(timeout=30_000)
    wait_until_settled(page)
    return page
