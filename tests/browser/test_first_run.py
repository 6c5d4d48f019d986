"""From nothing to an office's own meeting: founded, filled with files as offices have them, and taken along as a deck.

What a person does is counted in acts: one is a click that leads on, with what is typed or dropped before it.
"""

import csv
import io
import re
import zipfile

import openpyxl
from playwright.sync_api import expect

from taizhang.declared.wording import language
from taizhang.store import Store
from taizhang.store.campaigns import Campaigns

MOST_ACTS = 12
CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Reader:
    """Somebody who has never seen the board; every `act` is counted."""

    def __init__(self, page, lang: str):
        self.page, self.t, self.acts = page, language(lang), 0

    def act(self, name: str, exact: bool = True) -> None:
        """Click the button of that name once the page stands still."""
        self.acts += 1
        self.still()
        self.page.get_by_role("button", name=name, exact=exact).first.click()

    def drop(self, *files: tuple[str, str, bytes]) -> None:
        """Put files into the box."""
        self.acts += 1
        given = [{"name": name, "mimeType": kind, "buffer": data} for name, kind, data in files]
        self.page.locator("[class*=st-key-upload_files] input[type=file]").set_input_files(given)

    def type(self, key: str, text: str) -> None:
        self.page.locator(f".st-key-{key} input").fill(text)

    def day(self, key: str, digits: str) -> None:
        """Type a day, year first, as its parts stand."""
        self.page.locator(f".st-key-{key} [data-type=year]").click()
        self.page.keyboard.type(digits, delay=20)

    def choose(self, label: str, option: str) -> None:
        """Choose in the box of that label; its name holds what it says."""
        self.still()
        box = self.page.get_by_role("combobox", name=re.compile(re.escape(label))).first
        box.click()
        box.fill(option)
        box.press("Enter")

    def still(self) -> None:
        self.page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()

    def sees(self, text: str | re.Pattern, within: str = "body") -> None:
        expect(self.page.locator(within).get_by_text(text).first).to_be_visible(timeout=60_000)


def lines(rows: list[list], encoding: str) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


def issues_of_the_bureau() -> bytes:
    """A CSV in GB18030 with a title, a sender and a column that only counts."""
    top = [["云岭市水务局问题清单"], ["填报单位：督查办"], ["序号", "问题编号", "存在问题", "问题来源", "牵头单位"]]
    units = ("工程科", "运行科", "客服中心")
    rows = [[n, f"WT-{n:02}", f"第{n}片区老旧管网漏损", "自查检视", units[n % 3]] for n in range(1, 13)]
    return lines(top + rows, "gb18030")


def measures_of_the_bureau() -> bytes:
    """A workbook with a merged title, merged issue numbers, and headings of the bureau's own."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["供水管网改造整改措施（截至2025年6月6日）"])
    sheet.merge_cells("A1:G1")
    sheet.append(["问题编号", "措施编号", "整改措施内容", "责任科室", "类型", "整改时限", "完成情况"])
    units, states = ("工程科", "运行科", "客服中心"), ("整改中", "未开始", "推进中")
    for n in range(1, 13):
        for k, pipe in enumerate(("主管", "支管"), start=1):
            row = [f"WT-{n:02}" if k == 1 else None, f"CS-{n:02}-{k}", f"更换第{n}片区{pipe}", units[n % 3]]
            sheet.append([*row, "限期整改", f"2025年{4 + n % 5}月底", states[n % 3]])
        sheet.merge_cells(start_row=2 * n + 1, end_row=2 * n + 2, start_column=1, end_column=1)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def meetings_of_the_bureau() -> bytes:
    rows = [[f"HD-{n}", f"第{n}次调度会", f"2025.5.{n * 5}", "推进会", "整改落实", 12 + n] for n in range(1, 6)]
    return lines([["活动编号", "活动", "活动日期", "类型", "重点措施", "参加人数"], *rows], "gb18030")


def recommendations() -> bytes:
    """200 recommendations of an audit, as a follow-up sheet has them."""
    units = ("Ward A", "Ward B", "Theatre", "Pharmacy", "Kitchen")
    states = ("Implemented", "In progress", "Not started", "In progress")
    rows = [
        [
            f"R{n:03}",
            f"Recommendation {n}",
            "Time-limited",
            units[n % 5],
            f"2025-{n % 12 + 1:02}-15",
            states[n % 4],
            f"2025-03-{n % 27 + 1:02}" if n % 4 == 0 else "",
        ]
        for n in range(1, 201)
    ]
    heads = ["Ref.", "Recommendation", "Type", "Responsible unit", "Due on", "Status", "Implemented on"]
    return lines([heads, *rows], "utf-8")


def found_and_fill(one: Reader, office: str, title: str, start: str) -> None:
    one.type("founding_office_", office)
    one.type("founding_title_", title)
    one.type("founding_by_", office)
    one.day("founding_started_on_", start)


def deck_of_a_meeting(one: Reader, title: str) -> bytes:
    """Prepare a meeting on what is on screen and take its deck along."""
    one.acts += 1
    one.page.get_by_role("link", name=one.t("meeting.menu")).click()
    one.still()
    one.page.get_by_label(one.t("meeting.title"), exact=True).fill(title)
    one.act(one.t("meeting.prepare"))
    one.act(one.t("handout.make_deck"))
    with one.page.expect_download(timeout=120_000) as taken:
        one.act(one.t("handout.take"))
    assert title.replace(" ", "_") in taken.value.suggested_filename
    return taken.value.path().read_bytes()


def texts_of(deck: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(deck)) as file:
        slides = [name for name in file.namelist() if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)]
        return "\n".join(file.read(name).decode() for name in slides)


def test_a_bureau_goes_from_nothing_to_the_deck_of_its_first_meeting(tmp_path, serve_store, quiet_page):
    url = serve_store(Store(tmp_path))
    one = Reader(quiet_page, "zh")
    quiet_page.goto(url)
    one.act(one.t("beginning.found"))
    quiet_page.locator(".st-key-founding_office_ input").wait_for()
    found_and_fill(one, "云岭市水务局", "供水管网改造督查", "20250301")
    one.act(one.t("new.found"))
    quiet_page.wait_for_url("**/start?**", timeout=60_000)
    one.act(one.t("beginning.bring"))
    one.drop(
        ("问题清单.csv", CSV, issues_of_the_bureau()),
        ("措施.xlsx", XLSX, measures_of_the_bureau()),
        ("活动.csv", CSV, meetings_of_the_bureau()),
    )
    one.act(one.t("upload.read_so"))
    one.sees("会改变 41 行")
    one.still()
    one.type("upload_note_text", "第一份台账")
    one.act(one.t("upload.preview"))
    one.act(one.t("upload.publish"))
    one.sees(re.compile("已发布为第 2 版"))
    deck = texts_of(deck_of_a_meeting(one, "第一次督查会"))
    assert one.acts <= MOST_ACTS
    (campaign,) = Campaigns(tmp_path).all()
    live = campaign.store.live()
    assert {name: len(live.rows()[name]) for name in ("issue", "action", "event")} == {
        "issue": 12,
        "action": 24,
        "event": 5,
    }
    assert (live.as_of.isoformat(), live.published_by) == ("2025-06-06", "云岭市水务局")
    assert "供水管网改造督查" in deck
    assert "云岭市水务局" in deck
    quiet_page.goto(url)
    one.sees("供水管网改造督查 · 云岭市水务局")
    assert quiet_page.title() == f"{one.t('overview.menu')} · 供水管网改造督查"


def test_an_audit_of_200_recommendations_without_places_is_followed_up(tmp_path, serve_store, quiet_page):
    url = serve_store(Store(tmp_path))
    one = Reader(quiet_page, "en")
    quiet_page.goto(f"{url}/?lang=en")
    one.act(one.t("beginning.found"))
    quiet_page.locator(".st-key-founding_office_ input").wait_for()
    found_and_fill(one, "Hospital Trust", "Audit follow-up", "20250101")
    for label in (one.t("new.unverified"), one.t("new.without_places")):
        quiet_page.get_by_text(label, exact=True).click()
    for strand in ("study", "research"):
        quiet_page.get_by_role("button", name=one.t.label("strand", strand), exact=True).click()
    one.act(one.t("new.found"))
    quiet_page.wait_for_url("**/start?**", timeout=60_000)
    one.act(one.t("beginning.bring"))
    one.drop(("recommendations 2025-06-06.csv", CSV, recommendations()))
    one.sees(re.compile("no ledger was recognised"))
    one.choose("Which ledger it is", "Rectification measures")
    one.choose("Which heading is the ID", "Ref.")
    one.act(one.t("upload.apply"))
    one.sees(one.t("upload.unread_headings"))
    one.choose("“Recommendation”", "Measure")
    one.choose("“Implemented on”", "Done on")
    one.act(one.t("upload.read_so"))
    one.sees(re.compile("nobody verifies in this campaign"))
    one.still()
    one.type("upload_note_text", "First follow-up")
    one.act(one.t("upload.preview"))
    one.act(one.t("upload.publish"))
    one.sees(re.compile("release 2"))
    deck = texts_of(deck_of_a_meeting(one, "First follow-up"))
    assert one.acts <= MOST_ACTS
    (campaign,) = Campaigns(tmp_path).all()
    rows = campaign.store.live().rows()["action"]
    assert (len(rows), sum(row["status"] == "closed" for row in rows.values())) == (200, 50)
    assert "Hospital Trust" in deck
    for word in ("town", "district", "Study", "study"):
        assert not re.search(rf"\b{word}", " ".join(re.findall("<a:t>([^<]*)", deck))), word
