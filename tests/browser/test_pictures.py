"""The pictures in the documents: taken from the running board, so that they show what there is.

`TAIZHANG_PICTURES=1 make test PYTEST_ARGS="tests/browser/test_pictures.py"` takes them anew.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "screenshots"
TAKEN = {
    "overview-zh.png": "/?lang=zh",
    "overview-en.png": "/?lang=en",
    "timeline-zh.png": "/timeline?lang=zh",
    "research-zh.png": "/research?lang=zh",
    "rectification-zh.png": "/rectification?lang=zh",
    "sources-zh.png": "/sources?lang=zh&fact=N08",
}


@pytest.mark.skipif(not os.environ.get("TAIZHANG_PICTURES"), reason="pictures are taken only when asked for")
@pytest.mark.parametrize("name", TAKEN)
def test_every_picture_shows_a_page_of_the_board(name, demo_store, serve_store, quiet_page):
    quiet_page.set_viewport_size({"width": 1366, "height": 768})
    quiet_page.goto(serve_store(demo_store) + TAKEN[name])
    expect(quiet_page.locator(".tzp-head")).to_be_visible(timeout=30_000)
    quiet_page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    quiet_page.wait_for_load_state("networkidle")
    picture = quiet_page.screenshot()
    PICTURES.mkdir(parents=True, exist_ok=True)
    (PICTURES / name).write_bytes(picture)


def test_the_documents_show_no_picture_that_is_not_there_and_none_is_unused():
    shown = set()
    for page in [*ROOT.glob("README*.md"), *ROOT.glob("docs/*.md")]:
        shown.update(re.findall(r"screenshots/([\w.-]+\.png)", page.read_text(encoding="utf-8")))
    assert shown == {path.name for path in PICTURES.glob("*.png")} == set(TAKEN)
