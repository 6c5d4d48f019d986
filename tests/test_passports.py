"""Number passports: every code leads back to exactly what it was printed beside, and a mistyped one to nothing."""

import ast
import datetime as dt
import json
import re
import shutil
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_pages import open_page, text_of

from taizhang.cli import main
from taizhang.declared.wording import language
from taizhang.drawing.shapes import Figures, Lanes
from taizhang.evidence import passports, restatements
from taizhang.evidence.enquiries import enquire
from taizhang.evidence.passports import ALPHABET, NotAPassport, code, read, stamped
from taizhang.exhibits import sources, timeline
from taizhang.exhibits.catalogue import CATALOGUE, NAMES, exhibit
from taizhang.exhibits.views import Choices, View, look
from taizhang.rows import changes
from taizhang.rows.ledgers import LedgerFile, Row
from taizhang.showing import upkeep
from taizhang.store import Store, publishing, releases
from taizhang.ui.controls import PAGES

ROOT = Path(__file__).resolve().parents[1]
OPTIONS = {"timeline.lanes": "research:visit", "sources.article": "N08"}
# Printed in every passport that ever left the board: a number is never changed and never given twice.
FROZEN = {
    1: "overview.headline",
    2: "overview.strands",
    3: "overview.attention",
    4: "overview.units",
    5: "overview.reported",
    6: "timeline.lanes",
    7: "study.figures",
    8: "study.kinds",
    9: "study.documented",
    10: "study.materials",
    11: "study.events",
    12: "research.figures",
    13: "research.map",
    14: "research.districts",
    15: "research.topic_matrix",
    16: "research.to_visit",
    17: "research.topics",
    18: "research.handling",
    19: "research.suggestions",
    20: "research.proposals",
    21: "review.funnel",
    22: "review.by_level",
    23: "review.by_nature",
    24: "review.by_dimension",
    25: "review.by_source",
    26: "review.issues",
    27: "review.without_measures",
    28: "rectification.headline",
    29: "rectification.by_type",
    30: "rectification.burn_down",
    31: "rectification.moves_new",
    32: "rectification.moves_advanced",
    33: "rectification.moves_closed",
    34: "rectification.due",
    35: "rectification.ageing",
    36: "rectification.on_time",
    37: "rectification.ledger",
    38: "sources.figures",
    39: "sources.article",
    40: "sources.definitions",
    41: "sources.releases",
    42: "sources.registers",
    43: "meeting.cover",
    44: "meeting.promises",
    45: "meeting.changes",
    46: "meeting.moved",
    47: "meeting.decisions",
    48: "meeting.results",
    49: "meeting.result_list",
    50: "meeting.next_steps",
    51: "meeting.definitions",
    52: "rectification.moves_setbacks",
    53: "rectification.moves_removed",
    54: "returns.grid",
    55: "returns.waiting",
    56: "letters.due",
    57: "letters.listed",
    58: "research.outlines",
    59: "meeting.opening",
}
# Exhibits that are asked for by a row or by two releases, and so have no code.
WITHOUT_CODE = {
    "requests.burden",  # of a round that was not handed out
    "rectification.history",
    "timeline.happening",
    "coverage.town",
    "overview.measures_of_unit",
    "rectification.extended",
    "review.issue",
    "review.of_class",
    "rectification.measures",
    "rectification.overdue",
    "rectification.closed",
    "study.of_kind",
    "study.recorded",
    "suggestions.of_disposition",
    "opened.listed",
    "opened.opened",  # one of these
    "found.found",  # of what somebody typed
    "releases.listed",
    "releases.summary",
    "releases.rows",
    "releases.files",
    "two_releases.compared",
    "two_releases.rows",
    "history.row",
    "history.found",
}


def views(store: Store) -> list[View]:
    """With and without a comparison, for a district, and on a later day than the data."""
    live = store.live()
    district = look(store, Choices()).ask("districts").rows[1][0]
    asked = [
        Choices(),
        Choices(release=1),
        Choices(district=district, as_of=live.as_of + dt.timedelta(days=40)),
        Choices(release=2, as_of=live.as_of, compare_on=store.release(1).as_of),
    ]
    return [look(store, one) for one in asked]


def codes(made) -> list[str]:
    items = made.shape.items if isinstance(made.shape, Figures | Lanes) else ()
    return [made.passport, *(item.passport for item in items)]


# --- there and back --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["tiny_store", "demo_store"])
def test_every_code_leads_back_to_its_exhibit_figure_and_value(which, request):
    store, seen = request.getfixturevalue(which), {}
    for view, name in product(views(store), CATALOGUE):
        made = stamped(exhibit(name, view), view)
        whole = read(store, made.passport)
        again = whole.made(whole.view(store))
        assert whole.exhibit == name
        assert (again.title, again.shape, again.passport) == (made.title, made.shape, made.passport)
        for place, one in enumerate(codes(made)):
            assert read(store, one) == replace(whole, place=place)  # of the same exhibit, and so of the same value
            assert seen.setdefault(one, (made.title, place, view.as_of)) == (made.title, place, view.as_of)
    assert len(seen) > 150


@pytest.mark.parametrize("name", OPTIONS)
def test_a_code_remembers_the_choice_that_was_made(name, demo_store):
    view = look(demo_store, Choices(district="MCA440703"))
    chosen = stamped(exhibit(name, view, OPTIONS[name]), view)
    passport = read(demo_store, chosen.passport)
    assert passport.option == OPTIONS[name]
    assert passport.made(passport.view(demo_store)).shape == chosen.shape
    assert chosen.passport != stamped(exhibit(name, view), view).passport


def test_every_choice_of_every_exhibit_has_a_code_of_its_own(demo_store):
    view = look(demo_store, Choices())
    for name, entry in CATALOGUE.items():
        options = entry.options(view) if entry.options else []
        made = {code(exhibit(name, view, option), view): option for option in options}
        assert len(made) == len(options)
        for one, option in made.items():
            assert (read(demo_store, one).option or options[0]) == option


def test_a_draft_has_no_codes_and_neither_has_what_nobody_can_ask_for_by_name(demo_store):
    view = look(demo_store, Choices())
    draft = replace(view, is_draft=True)
    assert set(codes(stamped(exhibit("overview.headline", draft), draft))) == {""}
    one = replace(exhibit("overview.headline", view), name="rectification.history")
    assert set(codes(stamped(one, view))) == {""}


@given(st.lists(st.integers(0, 2**20), min_size=1, max_size=7))
def test_numbers_are_packed_and_unpacked(numbers):
    packed = "".join(map(passports._packed, numbers))
    assert passports._unpacked(packed) == numbers + [0] * (7 - len(numbers))
    assert set(packed) <= set(ALPHABET)


# --- as people type it -----------------------------------------------------------------------------------------


def sample(store: Store, count: int) -> list[str]:
    view = look(store, Choices(district="MCA440703"))
    found = [one for name in CATALOGUE for one in codes(stamped(exhibit(name, view), view))]
    return found[:: len(found) // count][:count]


def is_refused(store: Store, said: str) -> bool:
    try:
        read(store, said)
    except NotAPassport:
        return True
    return False


def test_case_spaces_dashes_and_full_width_do_not_matter(demo_store):
    for one in sample(demo_store, 8):
        wanted = read(demo_store, one)
        bare = one.replace("-", "")
        wide = "".join(chr(ord(letter) + 0xFEE0) for letter in one.lower())
        for typed in (bare, one.lower(), f" {one} ", " ".join(bare), one.replace("-", " — "), wide):
            assert read(demo_store, typed) == wanted, typed


def test_letters_that_look_like_digits_are_read_as_digits(demo_store):
    known = [one for one in sample(demo_store, 60) if "0" in one or "1" in one]
    assert len(known) > 10
    for one in known:
        typed = one.replace("0", "O").replace("1", "I")
        assert read(demo_store, typed) == read(demo_store, one) == read(demo_store, typed.replace("I", "l"))


def test_nearly_every_slip_is_refused(demo_store):
    """A check of ten bits lets one slip in a thousand pass; slips in its own two letters never do."""
    slips, passed = 0, []
    for one in sample(demo_store, 10):
        bare = one.replace("-", "")
        wrong = [bare[:at] + letter + bare[at + 1 :] for at in range(len(bare)) for letter in ALPHABET]
        wrong += [bare[:at] + bare[at + 1] + bare[at] + bare[at + 2 :] for at in range(len(bare) - 1)]
        for typed in {*wrong} - {bare}:
            slips += 1
            if not is_refused(demo_store, typed):
                passed.append((one, typed))
    assert slips > 2000
    assert len(passed) / slips <= 0.005, passed


@pytest.mark.parametrize("said", ["", "-", "DC", "GF-DCQJ-GF-DCQJ-GF-DCQJ", "九", "ZZ" * 200, "数字护照", "0" * 30])
def test_what_is_no_code_is_refused(said, demo_store):
    with pytest.raises(NotAPassport):
        read(demo_store, said)


def test_a_store_that_was_rebuilt_answers_the_same_codes(demo_store, tmp_path):
    rebuilt = Store(tmp_path)
    upkeep.remake(demo_store, 3, rebuilt)
    old, new = look(demo_store, Choices(release=3)), look(rebuilt, Choices(release=3))
    for name in CATALOGUE:
        assert codes(stamped(exhibit(name, old), old)) == codes(stamped(exhibit(name, new), new))


def test_another_offices_store_refuses(demo_store, tiny_store):
    view = look(tiny_store, Choices())
    found = [one for name in CATALOGUE for one in codes(stamped(exhibit(name, view), view))]
    refused = sum(is_refused(demo_store, one) for one in found)
    assert len(found) > 60
    assert refused >= len(found) - 3  # one in a thousand passes by chance


def test_releases_that_differ_only_in_who_published_them_have_different_codes(tiny_store):
    view = look(tiny_store, Choices())
    other = replace(view, release=replace(view.release, published_by="别的办公室"))
    whole = exhibit("overview.headline", view)
    ours, theirs = codes(stamped(whole, view)), codes(stamped(whole, other))
    alike = [one for one, another in zip(ours, theirs, strict=True) if one == another]
    assert len(ours) > 3
    assert len(alike) <= 1  # one in a thousand is by chance


# --- what has a code -------------------------------------------------------------------------------------------


def test_the_numbers_of_the_catalogue_never_change():
    assert NAMES == FROZEN
    assert len(CATALOGUE) == len(NAMES)


def test_every_exhibit_bears_the_name_it_is_asked_for_by(demo_store):
    view = look(demo_store, Choices())
    assert {name: exhibit(name, view).name for name in CATALOGUE} == {name: name for name in CATALOGUE}


def test_every_exhibit_that_a_page_can_show_has_a_code_or_is_known_to_have_none():
    made = {timeline.lanes, sources.article}  # these two take their choice behind a function of the catalogue's own
    made |= {entry.make.func if isinstance(entry.make, partial) else entry.make for entry in CATALOGUE.values()}
    coded = {f"{one.__module__.rpartition('.')[2]}.{one.__name__}" for one in made}
    declared = set()
    for path in (ROOT / "taizhang" / "exhibits").glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            returned = ast.unparse(node.returns) if isinstance(node, ast.FunctionDef) and node.returns else ""
            if re.search(r"\bExhibit\b", returned) and not node.name.startswith("_"):
                declared.add(f"{path.stem}.{node.name}")
    declared = {one for one in declared if one.partition(".")[0] not in ("__init__", "catalogue")}
    assert declared - coded == WITHOUT_CODE


# --- asked -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def corrected(demo_store, tmp_path_factory) -> tuple[Store, str]:
    """A store whose newest release corrects a measure of the same day, and the code of the figure it changes."""
    store = Store(shutil.copytree(demo_store.folder, tmp_path_factory.mktemp("corrected") / "store"))
    view = look(store, Choices())
    printed = code(exhibit("overview.headline", view), view, 1)
    rows = view.ask("actions").records()
    row = next(one for one in rows if one["status"] == "closed" and one["rect_type"] == "immediate")
    cells = {
        "action_id": row["action_id"],
        "status": "in_progress",
        "done_on": None,
        "closed_on": None,
        "verified_by": None,
    }
    file = LedgerFile("action", "更正.csv", b"x", "utf-8", (Row(2, cells),))
    store.publish([file], releases.Note("测试", view.as_of, "更正", "Correction"), view.release.number)
    return store, printed


def test_an_enquiry_says_what_it_was_that_it_holds_and_the_newest(demo_store):
    view = look(demo_store, Choices(release=10))
    found = enquire(demo_store, code(exhibit("overview.headline", view), view, 1).lower(), "zh")
    newest = exhibit("overview.headline", look(demo_store, Choices())).shape.items[0].value
    assert found.item == stamped(exhibit("overview.headline", view), view).shape.items[0]
    assert found.code == found.item.passport
    assert found.holds == "今天仍成立：截至 2019-11-08 的数据此后没有更正过这里。"
    assert found.newest_line == f"最新（截至 2019-11-29，第 13 版）：{newest}"
    assert found.seen == "数据截至 2019-11-08 · 第 10 版 · 对比 2019-10-11（第 6 版） · 全部市区"
    assert found.behind.kpis == ("K03",)  # of four figures, the rows of the one that was asked for


def test_an_enquiry_says_what_was_corrected_of_this_figure_alone(corrected):
    store, printed = corrected
    found = enquire(store, printed, "zh")
    assert [one.place for one in found.restated] == [1]
    was, now = found.item.value, exhibit("overview.headline", look(store, Choices())).shape.items[0].value
    assert was != now
    assert found.holds == f"已更正：截至 2019-11-29，措施销号 当时 {was}，现为 {now}（第 14 版更正了 1 行）。"
    whole = enquire(store, code(exhibit("overview.headline", found.view), found.view), "zh")
    assert restatements.restatements(store.standing(), whole.exhibit, whole.view) == whole.restated != ()
    towns = enquire(store, code(exhibit("overview.headline", found.view), found.view, 3), "zh")
    assert towns.restated == ()


def told(capsys, *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(args)
    return left.value.code, *capsys.readouterr()


def test_the_command_line_gives_everything_behind_a_code(corrected, capsys):
    store, printed = corrected
    status, out, err = told(capsys, "passport", *printed.lower().split("-"), "--store", str(store))
    assert (status, err) == (0, "")
    kpi = language("zh").label("kpi", "K03")
    assert out.startswith(f"{printed} · ")
    for said in ("措施销号", "第 13 版", "第 14 版更正了 1 行", kpi, "action.csv", "queries/answers/kpis.sql"):
        assert said in out


def test_the_command_line_gives_it_to_programs(corrected, capsys):
    store, printed = corrected
    _, out, _ = told(capsys, "passport", printed, "--store", str(store), "--lang", "en", "--format", "json")
    said = json.loads(out)
    assert (said["code"], said["exhibit"], said["release"], said["as_of"]) == (
        printed,
        "overview.headline",
        13,
        "2019-11-29",
    )
    assert said["figure"]["label"] == "Measures closed"
    assert (said["holds"], said["restated"][0]["was"], said["restated"][0]["release"]) == (
        False,
        said["figure"]["value"],
        14,
    )
    assert said["queries"][0]["params"]["as_of"] == "2019-11-29"
    assert said["sql"]["queries/answers/kpis.sql"].lstrip().startswith("with")
    first = said["rows_of_kpis"]["K03"][0]
    assert (first["file_name"][-10:], type(first["line"])) == ("action.csv", int)


def test_quoted_sentences_stand_behind_a_code(demo_store, capsys):
    view = look(demo_store, Choices())
    printed = code(exhibit("sources.figures", view), view)
    _, out, _ = told(capsys, "passport", printed, "--store", str(demo_store), "--format", "json")
    said = json.loads(out)
    assert any("深入7个市区16个乡镇" in one["quote"] for one in said["quotes"])


def test_the_rows_of_a_list_stand_behind_its_code_each_with_its_line(tiny_store, capsys):
    view = look(tiny_store, Choices())
    printed = code(exhibit("rectification.ledger", view), view)
    _, out, _ = told(capsys, "passport", printed, "--store", str(tiny_store), "--format", "json")
    rows = {row["action_id"]: row["origin"] for row in json.loads(out)["rows_behind"]["actions"]}
    assert (rows["CS-018"]["release"], rows["CS-018"]["file_name"], rows["CS-018"]["line"]) == (3, "action.csv", 11)
    assert (rows["CS-001"]["release"], rows["CS-001"]["line"]) == (1, 2)


def test_the_command_line_refuses_a_wrong_code_in_one_sentence(demo_store, capsys):
    status, out, err = told(capsys, "passport", "AAAA-AAAA", "--store", str(demo_store))
    assert (status, out) == (1, "")
    assert err.strip() == language("zh")("passport.wrong", said="AAAA-AAAA")


# --- on the pages ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["overview.headline", "overview.strands", "overview.attention", "overview.units", "overview.reported"]
)
def test_the_panel_of_an_exhibit_shows_its_codes_and_the_page_none(name, demo_store, monkeypatch):
    view = look(demo_store, Choices())
    app = open_page("overview", demo_store, monkeypatch)
    own = codes(stamped(exhibit(name, view), view))
    assert not [one for one in own if one in text_of(app)]
    app.button(key=f"source:{name}").click().run()
    assert not [one for one in own if one not in text_of(app)]


def test_a_draft_shows_none(demo_store, monkeypatch):
    view = look(demo_store, Choices())
    before = view.release.rows()
    note = releases.Note("测试", view.as_of, "草稿", "Draft")
    recipe = publishing.Recipe(before, changes.merge([], before, None).rows, note, 13, 13)
    ((path, _),) = publishing.make(demo_store.folder, recipe)
    try:
        app = open_page("overview", demo_store, monkeypatch, draft=path.parent.name)
        assert language("zh")("upload.draft_banner") in text_of(app)
        assert "tzp-code" not in text_of(app).partition("</style>")[2]
    finally:
        publishing.throw_away(path)


def test_the_panel_says_what_the_code_is_for(demo_store, monkeypatch):
    app = open_page("overview", demo_store, monkeypatch)
    app.button(key="source:overview.headline").click().run()
    assert language("zh")("passport.purpose") in text_of(app)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_code_in_the_address_shows_what_stands_behind_it(lang, corrected, monkeypatch):
    store, printed = corrected
    app = open_page("overview", store, monkeypatch, lang=lang)
    app.query_params["passport"] = printed
    app.switch_page(str(ROOT / "pages" / "sources.py")).run()
    app.text_input(key="passport_code").set_value(printed).run()
    assert not app.exception
    found = enquire(store, printed, lang)
    for said in (found.item.label, found.item.detail, found.seen, found.exhibit.title, "action.csv"):
        assert said in text_of(app), said
    assert found.holds in text_of(app)
    assert language(lang).label("kpi", "K03") in text_of(app)


def test_a_code_typed_wrongly_is_refused_in_a_sentence_and_stays_in_the_box(demo_store, monkeypatch):
    app = open_page("sources", demo_store, monkeypatch)
    app.text_input(key="passport_code").set_value("<b>GF-DCQX").run()
    assert not app.exception
    assert "逐字核对" in text_of(app)
    assert "<b>GF" not in text_of(app)
    assert app.text_input(key="passport_code").value == "<b>GF-DCQX"
    app.text_input(key="passport_code").set_value("").run()
    assert "逐字核对" not in text_of(app)


def test_the_code_of_a_whole_exhibit_can_be_asked_for_on_the_page_too(demo_store, monkeypatch):
    view = look(demo_store, Choices(release=10))
    app = open_page("sources", demo_store, monkeypatch)
    for name in ("sources.figures", "rectification.burn_down", "meeting.cover"):
        app.text_input(key="passport_code").set_value(code(exhibit(name, view), view)).run()
        assert not app.exception, name
        assert exhibit(name, view).title in text_of(app)


def test_the_head_of_a_page_says_when_what_it_shows_was_corrected(corrected, monkeypatch):
    store, _ = corrected
    said = language("zh")("passport.superseded", number=14)
    assert said in text_of(open_page("overview", store, monkeypatch, release="13"))
    assert said not in text_of(open_page("overview", store, monkeypatch, release="12"))
    assert said not in text_of(open_page("overview", store, monkeypatch))
    assert "meeting" in PAGES
