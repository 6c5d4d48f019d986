"""Friday's file in a real browser: problems, repairs, comparison, conclusions, publish, undo; and hostile texts."""

import datetime as dt
import re

import axe
import pytest
from playwright.sync_api import expect
from ready_made import copy_of
from signing import sign_in_browser

from taizhang import uploads
from taizhang.rows.changes import Decisions
from taizhang.store.releases import Note
from taizhang.uploads import shipped

# A weekly file as offices send it: a title, a note, headings on line 3, GB18030, dates and words as people type them.
MESSY = """市委统战部整改台账（截至2019年12月6日）,,,,,,,
填表单位：整改专班,,,,,,,
序号,措施编号,整改措施,整改类型,责任单位,完成时限,整改状态,备注2
1,CS-008-1,调整培训课程，增加现场教学,限期,社会主义学院,2019-12-3,快完成了,
2,CS-004-1,举办镇街统战委员业务轮训,限期整改,干部科,12月6日,推进中,
3,CS-020-1,新增一条措施,立行立改,办公室,2019/12/13,快完成了,
"""


@pytest.fixture
def office(tmp_path, demo_store):
    """A demo store of the test's own, which it may publish into."""
    return copy_of(demo_store, tmp_path / "store")


@pytest.fixture(scope="module")
def desk(tmp_path_factory, demo_store):
    """A demo store, and so a server, that the tests share which hand a file in and publish nothing."""
    return copy_of(demo_store, tmp_path_factory.mktemp("desk") / "store")


@pytest.fixture
def small_office(tmp_path, tiny_store):
    """A store of three small releases, for what does not hang on the figures of the demo."""
    return copy_of(tiny_store, tmp_path / "store")


def open_upload(page, url: str, lang: str = "zh"):
    page.goto(f"{url}/upload?lang={lang}")
    expect(page.locator(".tzp-head")).to_be_visible(timeout=30_000)
    return page


def hand_in(page, data: bytes, name: str = "整改台账2019-12-06.csv") -> None:
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": data})


def repair_and_preview(page) -> None:
    expect(page.get_by_text("有 2 处错误要改")).to_be_visible(timeout=30_000)
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    box = page.get_by_test_id("stForm").first.get_by_role("combobox")
    box.click()
    box.press_sequentially("整改中")
    box.press("Enter")
    page.get_by_role("button", name="改好这一类").first.click()
    expect(page.get_by_text(re.compile("没有错误|没有发现问题"))).to_be_visible(timeout=30_000)
    sign_in_browser(page.locator(".st-key-upload_by"), "整改专班")
    page.get_by_role("textbox", name="说明").fill("12月第一周")
    page.get_by_role("button", name="看看会改变什么结论").click()
    expect(page.get_by_text("结论的变化")).to_be_visible(timeout=60_000)


def test_a_messy_file_is_repaired_compared_published_and_taken_back(office, serve_store, quiet_page):
    url = serve_store(office)
    page = open_upload(quiet_page, url)
    hand_in(page, MESSY.encode("gb18030"))
    expect(page.get_by_text("有 2 处错误要改")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("GB18030")).to_be_visible()
    expect(page.get_by_text("改好上面的错误才能发布")).to_be_visible()
    assert office.live_number() == 13
    repair_and_preview(page)
    expect(page.get_by_text("10/18").first).to_be_visible()
    assert axe.found(page) == []
    assert office.live_number() == 13, "a draft is nobody's release"

    page.get_by_role("button", name="在草稿上看看板").click()
    expect(page.locator(".tzp-draft")).to_be_visible(timeout=30_000)
    expect(page.locator(".tz-figure").first).to_contain_text("10/18")
    page.get_by_role("button", name="离开草稿").click()
    expect(page.locator(".tzp-draft")).to_have_count(0)
    expect(page.locator(".tz-figure").first).to_contain_text("10/17")

    page.get_by_test_id("stSidebarNav").get_by_role("link", name="更新数据").click()
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text("已发布为第 14 版")).to_be_visible(timeout=30_000)
    page.goto(f"{url}/?lang=zh")
    expect(page.locator(".tzp-head")).to_contain_text("数据截至 2019-12-06", timeout=30_000)
    expect(page.locator(".tz-figure").first).to_contain_text("10/18")

    office.take_back(14, Note("整改专班", office.release(13).as_of, "撤回", "Taken back"))
    page.goto(f"{url}/?lang=zh")
    expect(page.locator(".tzp-head")).to_contain_text("第 15 版", timeout=30_000)
    expect(page.locator(".tz-figure").first).to_contain_text("10/17")


WEEK = "措施编号,整改措施,整改类型,责任单位,完成时限,整改状态\nCS-030,{},立行立改,办公室,2019/12/13,快完成了\n"
WEEK += "CS-031,另一项,立行立改,办公室,2019/12/13,快完成了\n"


def test_a_second_editor_is_told_and_overwrites_nothing(small_office, serve_store, quiet_page):
    """The other one need not be at a browser, nor at this computer."""
    page = open_upload(quiet_page, serve_store(small_office))
    hand_in(page, WEEK.format("新增一条措施").encode("gb18030"))
    repair_and_preview(page)
    file = ("另一份2019-12-06.csv", WEEK.format("另一条措施").replace("快完成了", "整改中").encode())
    checked = uploads.check(small_office, [file])
    note = Note("别人", dt.date(2019, 12, 6), "抢先", "First")
    small_office.publish_draft(uploads.draft(small_office, checked.files, note, Decisions(), checked.parent))
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text("别人刚发布了第 4 版")).to_be_visible(timeout=30_000)
    assert small_office.live_number() == 4
    assert small_office.live().rows()["action"]["CS-030"]["content"] == "另一条措施"


CORRECTION = "措施编号,进度%\nCS-002,{}\n"


def correct(page, percent: int):
    """A file of a week that has passed, up to the conclusions: one click, although other rows stand for that day."""
    hand_in(page, CORRECTION.format(percent).encode(), "整改台账2019-09-27.csv")
    expect(page.get_by_text("没有发现问题")).to_be_visible(timeout=30_000)
    sign_in_browser(page.locator(".st-key-upload_by"), "整改专班")
    page.get_by_role("textbox", name="说明").fill("上周的数写错了")
    page.get_by_role("button", name="看看会改变什么结论").click()
    expect(page.get_by_text("结论的变化")).to_be_visible(timeout=60_000)
    return page


def test_a_correction_says_which_days_it_changes_and_whoever_prepared_another_is_told(
    small_office, serve_store, quiet_page, reading_room
):
    url = serve_store(small_office)
    first = correct(open_upload(quiet_page, url), 60)
    expect(first.get_by_text("这是在更正 2019-09-27")).to_be_visible()
    expect(first.get_by_text("更正涉及的 2 期")).to_be_visible()
    second = correct(open_upload(reading_room.new_page(), url), 70)
    second.get_by_role("button", name="发布", exact=True).click()
    expect(second.get_by_text("已发布为第 4–5 版，更正连同以后各期")).to_be_visible(timeout=30_000)
    second.goto(f"{url}/releases?lang=zh")
    expect(second.get_by_text("第 4–5 版").first).to_be_visible(timeout=30_000)
    first.get_by_role("button", name="发布", exact=True).click()
    expect(first.get_by_text("别人刚发布了第 5 版")).to_be_visible(timeout=30_000)
    assert small_office.live_number() == 5
    assert small_office.release(4).rows()["action"]["CS-002"]["percent"] == 70
    first.reload()
    expect(first.locator(".tzp-head")).to_contain_text("第 5 版", timeout=30_000)


def test_the_very_same_file_again_says_so_and_changes_nothing(desk, serve_store, quiet_page):
    page = open_upload(quiet_page, serve_store(desk))
    hand_in(page, (shipped.DATA / "demo" / "2019-11-29" / "action.csv").read_bytes(), "action.csv")
    expect(page.get_by_text("这份文件已在第 13 版导入过")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="看看会改变什么结论")).to_have_count(0)


CANARY = (
    "<img src=https://evil.example/x.png onerror=window.__xss=1>![a](https://evil.example/b)[c](https://evil.example)"
)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hostile_texts_in_a_file_stay_texts(lang, desk, serve_store, quiet_page):
    page = open_upload(quiet_page, serve_store(desk), lang)
    text = f"措施编号,整改措施,整改状态,完成时限,{CANARY}\nCS-030-1,{CANARY},{CANARY},{CANARY},x\n"
    hand_in(page, text.encode(), f"{CANARY[:20].replace('/', '')}.csv")
    expect(page.locator(".tzp-error").first).to_be_visible(timeout=30_000)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.__xss") is None
    assert page.locator("a[href*='evil.example'], img[src*='evil.example']").count() == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_file_that_is_none_gets_one_sentence(lang, desk, serve_store, quiet_page):
    page = open_upload(quiet_page, serve_store(desk), lang)
    hand_in(page, b"\x89PNG\r\n\x1a\n" + bytes(200), "台账.csv")
    expect(page.locator(".tzp-message.tzp-error")).to_contain_text("台账.csv", timeout=30_000)
    assert desk.live_number() == 13


def test_no_english_word_of_the_framework_stands_on_the_chinese_page(desk, serve_store, quiet_page):
    page = open_upload(quiet_page, serve_store(desk))
    visible = page.get_by_test_id("stMain").evaluate(
        "node => [...node.querySelectorAll('p, span, button, div')].filter(one => one.checkVisibility("
        "{visibilityProperty: true}) && !one.children.length).map(one => one.textContent).join(' ')"
    )
    assert not re.search(r"\b(Upload|Browse|Drag|per file|Choose an option)\b", visible), visible


def test_the_return_sheet_is_made_on_click_and_marks_the_errors(desk, serve_store, quiet_page, tmp_path):
    page = open_upload(quiet_page, serve_store(desk))
    hand_in(page, MESSY.encode("gb18030"))
    button = page.get_by_role("button", name=re.compile("下载退回表"))
    expect(button).to_be_visible(timeout=30_000)
    with page.expect_download(timeout=60_000) as begun:
        button.click()
    begun.value.save_as(tmp_path / "returned.xlsx")
    returned = uploads.check(desk, [("returned.xlsx", (tmp_path / "returned.xlsx").read_bytes())])
    assert {problem.rule for problem in returned.errors} == {"unknown_code"}
