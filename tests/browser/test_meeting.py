"""A meeting from the first click to the replay after a correction, as an office goes through it."""

import datetime as dt
import re
import shutil
from pathlib import Path

import axe
import pytest
from playwright.sync_api import expect
from signing import sign_in_browser

from taizhang.declared.wording import language
from taizhang.rows.ledgers import LedgerFile, Row
from taizhang.showing import meetings
from taizhang.store import Store, releases

t = language("zh")
PROMISE = "十二月底前逾期清零"


@pytest.fixture(scope="module")
def office(demo_store, serve_store, tmp_path_factory) -> tuple[Store, str]:
    """A store of its own and the address of its board."""
    store = Store(tmp_path_factory.mktemp("office") / "store")
    shutil.copytree(demo_store.folder, store.folder)
    return store, serve_store(store)


def correct(store: Store) -> int:
    """A measure that was shown as closed was not: the office publishes the same day again. The new release."""
    live = store.live()
    closed = next(row for row in live.rows()["action"].values() if row["status"] == "closed" and row["rect_type"])
    reopened = {"status": "in_progress", "progress_note": "复核未通过", "closed_on": None, "verified_by": None}
    cells = {"action_id": closed["action_id"], **reopened}
    note = releases.Note("办公室", live.as_of, "复核更正", "Corrected after a check")
    file = LedgerFile("action", "更正.csv", b"correction", "utf-8", (Row(2, cells),))
    return store.publish([file], note, live.number).number


def stage_of(page):
    stage = page.locator("dialog.tzs[open]")
    expect(stage).to_be_visible(timeout=60_000)
    return stage


def overall(stage) -> str:
    """The words on the slide of the overall figures, wherever it stands."""
    return stage.locator(".tzs-deck:not([hidden]) .tzs-slide[data-name='overview.headline']").first.inner_text()


def leave(page) -> None:
    """Esc leaves present mode once it was pressed twice."""
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.tzs[open]")).to_have_count(0)


def test_a_meeting_is_prepared_held_sealed_corrected_and_replayed(office, quiet_page):
    store, url = office
    page = quiet_page
    page.goto(f"{url}/meeting?lang=zh")
    page.get_by_label(t("meeting.title"), exact=True).fill("主题教育第四次推进会")
    page.get_by_role("button", name=t("meeting.prepare"), exact=True).click()
    page.locator(".st-key-meeting_start button").click()
    stage = stage_of(page)
    shown = overall(stage)
    leave(page)

    page.get_by_role("tab", name=t("meeting.step_commitments"), exact=True).click()
    assert axe.found(page) == []
    page.locator(".st-key-meeting_content input").fill(PROMISE)
    page.get_by_role("button", name=t("meeting.log"), exact=True).click()
    expect(page.get_by_text(PROMISE)).to_be_visible()
    page.get_by_role("tab", name=t("meeting.step_finish"), exact=True).click()
    assert axe.found(page) == []
    sign_in_browser(page.locator(".st-key-meeting_by"), "办公室")
    page.get_by_role("button", name=t("meeting.finish"), exact=True).click()
    expect(page.get_by_text("已封存")).to_be_visible()
    (name,) = meetings.capsules(store)

    number = correct(store)
    page.goto(f"{url}/meeting?lang=zh&present={name}")
    stage = stage_of(page)
    replayed = overall(stage)
    badge = stage.locator(".tzs-deck:not([hidden]) .tzs-slide[data-name='overview.headline'] .tzs-restated").first
    said = badge.text_content().replace("\xa0", " ")  # a number and its word stay on one line
    assert re.search(rf"当时 .+，现为 .+（第 {number} 版更正了 1 行）", said), said
    assert replayed.replace(badge.inner_text(), "").split() == shown.split()  # all else is as it was shown
    leave(page)

    page.goto(f"{url}/meeting?lang=zh")
    page.get_by_role("tab", name=t("meeting.tab_past")).click()
    expect(page.get_by_text("会后作过更正")).to_be_visible()
    expect(page.get_by_role("tabpanel").filter(visible=True).get_by_text(PROMISE)).to_be_visible()


def test_the_next_meeting_opens_with_what_was_promised(office, quiet_page):
    """Runs after the meeting above: its promise is due at the next one, on data of a later day."""
    store, url = office
    live = store.live()
    cells = {"action_id": next(iter(live.rows()["action"])), "progress_note": "继续推进"}
    note = releases.Note("办公室", live.as_of + dt.timedelta(7), "又一周", "Another week")
    store.publish([LedgerFile("action", "周报.csv", b"w", "utf-8", (Row(2, cells),))], note, live.number)
    page = quiet_page
    page.goto(f"{url}/meeting?lang=zh")
    page.get_by_label(t("meeting.title"), exact=True).fill("主题教育第五次推进会")
    page.get_by_role("button", name=t("meeting.prepare"), exact=True).click()
    page.locator(".st-key-meeting_start button").click()
    stage = stage_of(page)
    first = stage.locator(".tzs-deck:not([hidden]) .tzs-slide").nth(1)
    assert PROMISE in first.inner_text() or PROMISE in first.text_content()
    leave(page)


def test_a_handout_is_made_on_a_click_and_taken_away(office, quiet_page, settled):
    _, url = office
    page = quiet_page
    page.goto(f"{url}/meeting?lang=zh")
    page.get_by_role("tab", name=t("meeting.tab_past")).click()
    panel = page.get_by_role("tabpanel").filter(visible=True)
    expect(panel.get_by_role("button", name=t("handout.take"))).to_have_count(0)
    settled(page)
    panel.get_by_role("button", name=t("handout.make_deck"), exact=True).click()
    expect(panel.get_by_role("button", name=t("handout.take"))).to_be_visible(timeout=60_000)
    with page.expect_download() as taken:
        panel.get_by_role("button", name=t("handout.take")).click()
    assert taken.value.suggested_filename.endswith(".pptx")
    assert Path(taken.value.path()).read_bytes()[:2] == b"PK"
