"""A weekly round in a real browser: sheets go out, eight units write into them in an office program, they come back."""

import datetime as dt
import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect
from ready_made import copy_of
from signing import sign_in_browser
from test_rounds import EVERY, as_csv, filled, ledger_sheets, saved

from taizhang.uploads import rounds

SOFFICE = shutil.which("soffice")
DAY = "2019-12-06"
UNITS = ("干部科", "经济科", "党派科", "社会主义学院", "办公室", "机关党委", "港澳台海外科", "整改工作专班")


@pytest.fixture
def office(tmp_path, demo_store):
    """A demo store of the test's own, in which a round was handed out the week before and nobody answered."""
    store = copy_of(demo_store, tmp_path / "store")
    day = dt.date(2019, 11, 29)
    units = {one.unit for one in rounds.asked_by(store.live(), day)}
    rounds.hand_out(store, "整改专班", dt.date(2019, 11, 22), day, units, EVERY)
    return store


def through_office(files: dict[str, bytes], folder: Path, kind: str) -> dict[str, bytes]:
    """Workbooks opened and saved by LibreOffice; as they are where there is none."""
    if SOFFICE is None:
        return files
    given, made = folder / f"to-{kind}", folder / kind
    given.mkdir()
    for name, data in files.items():
        (given / f"{name}.xlsx").write_bytes(data)
    command = [SOFFICE, "--headless", f"-env:UserInstallation={(folder / 'office').as_uri()}", "--convert-to", kind]
    command += ["--outdir", str(made), *(str(path) for path in given.iterdir())]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return {name: (made / f"{name}.{kind}").read_bytes() for name in files}


def with_a_foreign_row(workbook: bytes) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    sheet = next(sheet for sheet, name in ledger_sheets(book) if name == "action")
    sheet.append(["CS-004-1", "举办镇街统战委员业务轮训", None, "已销号", "替别人填的"])
    return saved(book)


def edits_of(one: rounds.Round, unit: str) -> dict[str, dict[str, object]]:
    said = {"action": "progress_note", "commitment": "result_note", "suggestion": "disposition"}
    text = {"suggestion": "B 正在解决"}
    return {row.row_key: {said[row.ledger]: text.get(row.ledger, f"{unit}报来")} for row in one.asked[unit]}


def choose_day(page, label: str, day: dt.date) -> None:
    """Type a day into a box of three fields, as people do: each field goes on to the next."""
    box = page.get_by_role("group", name=label)
    for name, part in (("year", f"{day.year}"), ("month", f"{day.month:02}"), ("day", f"{day.day:02}")):
        box.locator(f'[data-type="{name}"]').click()
        page.keyboard.type(part)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")


def publish(page, note: str) -> None:
    sign_in_browser(page.locator(".st-key-upload_by"), "整改专班")
    page.get_by_role("textbox", name="说明").fill(note)
    page.get_by_role("button", name="看看会改变什么结论").click()
    expect(page.get_by_text("结论的变化")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="发布", exact=True).click()


def hand_in(page, files: dict[str, bytes]) -> None:
    kind = "application/octet-stream"
    given = [{"name": name, "mimeType": kind, "buffer": data} for name, data in files.items()]
    page.locator("input[type=file]").set_input_files(given)
    expect(page.get_by_text(f"认出 {len(files)} 份交回的填报表")).to_be_visible(timeout=60_000)


def test_a_round_goes_out_comes_back_and_those_who_are_late_are_urged(
    office, serve_store, quiet_page, settled, tmp_path
):
    url = serve_store(office)
    page = quiet_page
    page.goto(f"{url}/returns?lang=zh")
    expect(page.get_by_text("向 10 个单位要 23 行、48 格")).to_be_visible(timeout=30_000)
    sign_in_browser(page.locator(".st-key-returns_by"), "整改专班")
    page.get_by_role("button", name="下发并记录").click()
    expect(page.get_by_text("已记录 TB-002，向 10 个单位下发")).to_be_visible(timeout=30_000)
    with page.expect_download() as taken:
        page.get_by_role("button", name="下载各单位的表").click()
    with zipfile.ZipFile(taken.value.path()) as file:
        assert {name.partition("_")[0] for name in file.namelist()} == {*UNITS, "台山市", "江海区"}
        assert all(name.endswith(f"_{DAY}前交回.xlsx") for name in file.namelist())
    one, older = (rounds.round_of(office, name) for name in ("TB-002", "TB-001"))

    books = {unit: filled(one, unit, edits_of(one, unit)) for unit in UNITS if unit != "港澳台海外科"}
    books["党派科"] = with_a_foreign_row(books["党派科"])
    books["社会主义学院"] = filled(older, "社会主义学院", edits_of(older, "社会主义学院"))  # of the wrong week
    books["港澳台海外科"] = filled(one, "港澳台海外科", {})  # nothing new to say
    csv_of = as_csv(books.pop("机关党委"), "action", "gbk")
    xls = through_office({"办公室": books.pop("办公室")}, tmp_path, "xls" if SOFFICE else "xlsx")
    files = {f"{unit}.xlsx": data for unit, data in through_office(books, tmp_path, "xlsx").items()}
    late = files.pop("经济科.xlsx")
    files |= {"上报材料.xls": xls["办公室"], "机关党委.csv": csv_of}

    page.goto(f"{url}/upload?lang=zh")
    expect(page.locator(".tzp-head")).to_be_visible(timeout=30_000)
    hand_in(page, files)
    expect(page.get_by_text("TB-002 还没有交回的：")).to_contain_text("经济科")
    expect(page.get_by_text(re.compile("最近一次下发的是 TB-002")).first).to_be_visible()
    expect(page.get_by_text(re.compile("CS-004-1 不在下发给“党派科”的填报表里")).first).to_be_visible()
    settled(page)
    page.get_by_role("button", name="不读取这 1 行").click()
    expect(page.get_by_text(re.compile("没有错误|没有发现问题"))).to_be_visible(timeout=60_000)
    settled(page)
    choose_day(page, "收到日期", dt.date(2019, 12, 6))
    settled(page)
    page.get_by_text("每个单位一版").click()
    settled(page)
    publish(page, "第49周填报")
    expect(page.get_by_text("已按单位发布 7 版")).to_be_visible(timeout=120_000)

    rows = office.live().rows()
    assert rows["action"]["CS-004-1"]["progress_note"] == "干部科报来"  # and not what another unit wrote for it
    back = {key: row["returned_on"] for key, row in rows["request"].items() if row["returned_on"]}
    on_time = {f"TB-002|{unit}" for unit in UNITS} - {"TB-002|经济科", "TB-002|社会主义学院"}
    assert back == dict.fromkeys({*on_time, "TB-001|社会主义学院"}, dt.date(2019, 12, 6))

    settled(page)
    hand_in(page, {"经济科.xlsx": late})  # on the same page: what was published before is not handed in again
    settled(page)
    choose_day(page, "收到日期", dt.date(2019, 12, 9))
    settled(page)
    publish(page, "补交")
    expect(page.get_by_text(re.compile("已发布为第 \\d+ 版"))).to_be_visible(timeout=60_000)

    page.goto(f"{url}/returns?lang=zh&as_of=2019-12-10")
    expect(page.get_by_text("TB-002：10 个单位已交回 7 个，未交 3 个")).to_be_visible(timeout=30_000)
    grid = page.get_by_role("table").first
    expect(grid.get_by_role("row", name=re.compile("经济科"))).to_contain_text("迟交 3 天")
    expect(grid.get_by_role("row", name=re.compile("社会主义学院"))).to_contain_text("未交 4 天")
    expect(grid.get_by_role("row", name=re.compile("办公室"))).to_contain_text("按时")

    page.goto(f"{url}/letters?lang=zh&as_of=2019-12-10")  # and is urged: what is late, and what was not returned
    expect(page.get_by_text(re.compile("\\d+ 条措施该催办"))).to_be_visible(timeout=30_000)
    page.get_by_text("短信文字：社会主义学院").first.click()
    expect(page.get_by_text(re.compile("TB-002 填报表应于 2019-12-06 前交回")).first).to_be_visible()
    sign_in_browser(page.locator(".st-key-letters_by"), "整改专班")
    page.get_by_role("button", name="记为已发出").click()
    expect(page.get_by_text(re.compile("已发出 \\d+ 份：.*DB-2019-001"))).to_be_visible(timeout=30_000)
    assert "社会主义学院" in {row["unit"] for row in office.live().ask("letters").records()}
