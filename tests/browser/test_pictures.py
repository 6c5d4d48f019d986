"""The pictures in the documents: taken from the running board, so that they show what there is.

`TAIZHANG_PICTURES=1 make test PYTEST_ARGS="tests/browser/test_pictures.py"` takes them anew. The steps of the guide are
gone through all the same, in Chinese: a step that the board has not any more fails here.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from ready_made import copy_of
from signing import sign_in_browser

from taizhang.declared.wording import language
from taizhang.store import Store

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "screenshots"
ARE_TAKEN = bool(os.environ.get("TAIZHANG_PICTURES"))
TAKEN = {
    "overview-zh.png": "/?lang=zh",
    "overview-en.png": "/?lang=en",
    "timeline-zh.png": "/timeline?lang=zh",
    "research-zh.png": "/research?lang=zh",
    "rectification-zh.png": "/rectification?lang=zh",
    "sources-zh.png": "/sources?lang=zh&fact=N08",
}
STEPS = {"clerk": 6, "presenter": 3, "head": 3}
GUIDE = {f"{who}-{step}-{lang}.png" for who in STEPS for step in range(1, STEPS[who] + 1) for lang in ("zh", "en")}
WEEK = {
    "zh": "措施编号,责任单位,整改状态,进度%,整改进展,办理情况\n"
    "CS-008-1,社会主义学院,快完成了,80,课程已排定,好\n"
    "CS-004-1,干部科,推进中,60,第二期已开班,好\n",
    "en": "Measure ID,Responsible unit,Status,Progress %,Progress,How it goes\n"
    "CS-008-1,社会主义学院,nearly there,80,Courses are set,well\n"
    "CS-004-1,干部科,in progress,60,The second course began,well\n",
}
LANGUAGES = ("zh", "en") if ARE_TAKEN else ("zh",)


def take(page, name: str) -> None:
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    if ARE_TAKEN:
        page.wait_for_load_state("networkidle")
        PICTURES.mkdir(parents=True, exist_ok=True)
        (PICTURES / name).write_bytes(page.screenshot())


def to_top(page, locator) -> None:
    """Scroll so that something stands near the top, below the frame's own header."""
    locator.first.evaluate("one => one.scrollIntoView({block: 'start'})")
    page.locator('[data-testid="stMain"]').evaluate("main => main.scrollBy(0, -70)")


@pytest.mark.skipif(not ARE_TAKEN, reason="pictures are taken only when asked for")
@pytest.mark.parametrize("name", TAKEN)
def test_every_picture_shows_a_page_of_the_board(name, demo_store, serve_store, quiet_page):
    quiet_page.set_viewport_size({"width": 1366, "height": 768})
    quiet_page.goto(serve_store(demo_store) + TAKEN[name])
    expect(quiet_page.locator(".tzp-head")).to_be_visible(timeout=30_000)
    take(quiet_page, name)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_clerk_goes_the_six_steps_of_the_guide(lang, demo_store, tmp_path, serve_store, quiet_page):
    store, page, t = copy_of(demo_store, tmp_path / "store"), quiet_page, language(lang)
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{serve_store(store)}/upload?lang={lang}")
    expect(page.locator(".tzp-head")).to_be_visible(timeout=30_000)
    take(page, f"clerk-1-{lang}.png")
    name = {"zh": "周报2019-12-06.csv", "en": "week 2019-12-06.csv"}[lang]
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": WEEK[lang].encode("gb18030")}
    )
    expect(page.locator(".tzp-blocking")).to_be_visible(timeout=30_000)
    columns = page.get_by_test_id("stExpander").first
    columns.locator("summary").click()
    to_top(page, columns)
    take(page, f"clerk-2-{lang}.png")
    to_top(page, page.get_by_test_id("stForm"))
    take(page, f"clerk-3-{lang}.png")
    box = page.get_by_test_id("stForm").first.get_by_role("combobox")
    box.click()
    box.press_sequentially(t.label("status", "in_progress"))
    box.press("Enter")
    page.get_by_role("button", name=t("upload.apply")).first.click()
    expect(page.locator(".tzp-blocking")).to_have_count(0, timeout=30_000)
    to_top(page, page.get_by_text(t("upload.publish_title")))
    take(page, f"clerk-4-{lang}.png")
    sign_in_browser(page.locator(".st-key-upload_by"), {"zh": "整改专班", "en": "Task force"}[lang])
    page.get_by_label(t("upload.note")).fill({"zh": "12月第一周", "en": "First week of December"}[lang])
    page.get_by_role("button", name=t("upload.preview")).click()
    publish = page.get_by_role("button", name=t("upload.publish"), exact=True)
    expect(publish).to_be_visible(timeout=60_000)
    to_top(page, page.get_by_text(t("upload.publish_title")))
    take(page, f"clerk-5-{lang}.png")
    publish.click()
    expect(page.get_by_text(t("upload.published", number=14))).to_be_visible(timeout=30_000)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=t("releases.menu")).click()
    expect(page.get_by_text(t("releases.number", number=14)).first).to_be_visible(timeout=30_000)
    take(page, f"clerk-6-{lang}.png")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_presenter_goes_the_steps_of_the_guide(lang, demo_store, tmp_path, serve_store, quiet_page):
    store, page, t = copy_of(demo_store, tmp_path / "store"), quiet_page, language(lang)
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{serve_store(store)}/meeting?lang={lang}")
    page.get_by_label(t("meeting.title"), exact=True).fill({"zh": "第四次推进会", "en": "Fourth review meeting"}[lang])
    page.get_by_role("button", name=t("meeting.prepare"), exact=True).click()
    start = page.locator(".st-key-meeting_start button")
    expect(start).to_be_visible(timeout=30_000)
    take(page, f"presenter-1-{lang}.png")
    start.click()
    expect(page.locator("dialog.tzs[open]")).to_be_visible(timeout=60_000)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    take(page, f"presenter-2-{lang}.png")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.tzs[open]")).to_have_count(0)
    to_top(page, page.get_by_text(t("meeting.finish_title")))
    take(page, f"presenter-3-{lang}.png")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_head_of_an_office_goes_the_steps_of_the_guide(lang, demo_store, tmp_path, serve_store, quiet_page):
    page, t = quiet_page, language(lang)
    folder = Store(tmp_path / "data")
    copy_of(demo_store, folder.folder / "campaigns" / "demo")
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{serve_store(folder)}/new?lang={lang}")
    office = page.get_by_label(t("founding.office"), exact=True)
    office.fill({"zh": "水务局", "en": "Water Bureau"}[lang])
    page.get_by_label(t("founding.title"), exact=True).fill({"zh": "审计整改", "en": "Follow-up"}[lang])
    page.locator("[class*=st-key-founding_by] input").fill({"zh": "办公室", "en": "Office"}[lang])
    take(page, f"head-1-{lang}.png")
    page.get_by_role("button", name=t("new.found"), exact=True).click()
    expect(page.get_by_text(t("start.question"))).to_be_visible(timeout=60_000)
    take(page, f"head-2-{lang}.png")
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=t("settings.menu")).click()
    expect(page.get_by_text(t("settings.question"))).to_be_visible(timeout=30_000)
    take(page, f"head-3-{lang}.png")


def test_the_documents_show_no_picture_that_is_not_there_and_none_is_unused():
    shown = set()
    for page in [*ROOT.glob("README*.md"), *ROOT.glob("docs/**/*.md")]:
        shown.update(re.findall(r"screenshots/([\w.-]+\.png)", page.read_text(encoding="utf-8")))
    assert shown == {path.name for path in PICTURES.glob("*.png")} == set(TAKEN) | GUIDE
