"""What each role is offered on the pages, and what is refused though no button offers it."""

import datetime as dt
import io
import shutil
import zipfile

import pytest
from signing import sign
from test_pages import open_page, text_of

from taizhang.access import passwords, roles
from taizhang.access.audit import Audit
from taizhang.access.people import People
from taizhang.access.roles import NotAllowed
from taizhang.declared.wording import language
from taizhang.exhibits.views import Choices, look
from taizhang.rows.changes import Decisions
from taizhang.rows.ledgers import LedgerFile, Row
from taizhang.showing import meetings
from taizhang.store import Note, Store, archives, leave
from taizhang.ui import who
from taizhang.ui.controls import PAGES
from taizhang.uploads import letters

WORD = "河东-meeting-42"
T = language("zh")
NOTE = Note("别人", dt.date(2019, 10, 18), "周报", "Weekly")
LINE = b"action_id,progress_note\nCS-002,done\n"
FILE = LedgerFile("action", "x.csv", LINE, "UTF-8", (Row(2, {"action_id": "CS-002", "progress_note": "已定"}),))


@pytest.fixture
def office(tiny_store, tmp_path, monkeypatch) -> Store:
    """The tiny store with an account for each role; nobody is there before `as_` says who."""
    monkeypatch.setattr(passwords, "PARAMETERS", {"memory_cost": 8, "time_cost": 1, "parallelism": 1})
    store = Store(shutil.copytree(tiny_store.folder, tmp_path / "store"))
    monkeypatch.setenv("TAIZHANG_STORE", str(store))
    leave.asked_of(who.expect, who._told)  # as in a server: a test of the command line may have asked others
    for role in roles.ROLES:
        People(store.folder).add(role, f"{role}·某人", role, WORD)
    return store


@pytest.fixture
def as_(monkeypatch):
    """`as_("reader")`: from now on the server says that this one is there."""

    def there(name: str) -> None:
        said = {"x-taizhang-person": name, "x-taizhang-from": "10.0.0.7"}
        monkeypatch.setattr(who, "_said", said.get)

    return there


# --- what is offered ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", roles.ROLES)
def test_a_page_opens_for_the_roles_that_have_a_use_for_it_and_for_no_other(role, office, as_, monkeypatch):
    as_(role)
    closed = {name for name in PAGES if not who.may_open(name)}
    expected = {
        "reader": {"hand_in", "upload", "returns", "letters", "settings", "new", "people"},
        "unit": {"hand_in", "upload", "returns", "letters", "settings", "new", "people"},  # held to nothing
        "editor": {"hand_in", "settings", "new", "people"},
        "presenter": {"hand_in", "upload", "settings", "new", "people"},
        "administrator": {"hand_in"},
    }
    assert closed == expected[role]
    for name in ("upload", "people", "overview"):
        said = text_of(open_page(name, office, monkeypatch))
        assert (T("obstacle.not_for_you") in said) == (name in closed), name
        assert f"{role}·某人" in said
        assert 'action="signout"' in said


def keys(app) -> set[str]:
    return {one.key for one in app.button if one.key}


@pytest.mark.parametrize(
    ("page", "key", "act"),
    [
        ("releases", "releases_undo", "undo"),
        ("rectification", "many_go", "publish"),
        ("start", "bring", "publish"),
        ("start", "found", "settings"),
    ],
)
def test_a_button_is_there_for_those_who_may_and_not_for_others(page, key, act, office, as_, monkeypatch):
    for role in ("reader", "editor", "presenter", "administrator"):
        as_(role)
        assert (key in keys(open_page(page, office, monkeypatch))) == who.may(act), role


def test_a_meeting_that_is_prepared_is_there_for_those_who_hold_it_alone(office, as_, monkeypatch):
    as_("presenter")
    view = look(office, Choices())
    one = meetings.save(office, meetings.prepare(view, meetings.next_id(office), "还没开的会", NOTE.as_of))
    assert "meeting_start" in keys(open_page("meeting", office, monkeypatch))
    as_("editor")
    app = open_page("meeting", office, monkeypatch)
    assert "meeting_start" not in keys(app)
    assert T("meeting.not_yours") in text_of(app)
    assert one.title not in text_of(open_page("meeting", office, monkeypatch, present=one.meeting_id))


def test_a_draft_is_seen_by_those_who_publish_and_reads_like_none_for_others(office, as_, monkeypatch):
    as_("editor")
    draft = office.draft([FILE], NOTE, Decisions(), office.live_number())
    assert T("upload.draft_banner") in text_of(open_page("overview", office, monkeypatch, draft=draft.name))
    as_("reader")
    assert T("upload.draft_banner") not in text_of(open_page("overview", office, monkeypatch, draft=draft.name))


# --- what is refused, however it was come to ---------------------------------------------------------------------


def acts(store: Store) -> dict[str, object]:
    """Act → something that does it."""
    view, live = look(store, Choices()), store.live_number()
    due = letters.due(view.release, view.as_of, view.as_of, view.as_of)
    return {
        "publish": lambda: (store.draft([FILE], NOTE, Decisions(), live), store.publish([FILE], NOTE, live)),
        "hand_in": lambda: store.waiting().hand_in("x", "x", ["甲"], live, [("a.csv", LINE)], "", 1),
        "undo": lambda: store.take_back(live, NOTE),
        "meet": lambda: meetings.save(store, meetings.prepare(view, meetings.next_id(store), "会", NOTE.as_of)),
        "hand_out": lambda: letters.issue(store, "别人", due),
        "rebuild": lambda: store.rebuild(None),
        "backup": lambda: archives.read(None, None),
    }


@pytest.mark.parametrize("role", ["reader", "unit", "editor", "presenter"])
def test_an_act_that_a_role_may_not_do_is_refused_at_the_door_of_the_store_and_written_down(role, office, as_):
    does = acts(office)
    as_(role)
    before = sorted(path.relative_to(office.folder) for path in office.folder.rglob("*") if "access" not in path.parts)
    refused = [act for act in does if not who.may(act)]
    assert len(refused) >= 3
    for act in refused:
        with pytest.raises(NotAllowed):
            does[act]()
    after = sorted(path.relative_to(office.folder) for path in office.folder.rglob("*") if "access" not in path.parts)
    assert after == before
    said = [(one.act, one.who, one.role, one.source, one.detail) for one in Audit(office.folder).entries()]
    assert said == [("refused", role, role, "10.0.0.7", act) for act in refused]


def test_nobody_that_the_server_does_not_name_may_do_anything_where_people_sign_in(office, monkeypatch):
    does = acts(office)
    monkeypatch.setattr(who, "_said", {}.get)
    assert who.person() is None
    for act, doing in does.items():
        with pytest.raises(NotAllowed):
            doing()
        assert not who.may(act)


def test_somebody_whose_account_is_gone_or_disabled_may_do_nothing_from_that_moment(office, as_):
    as_("editor")
    assert who.may("publish")
    People(office.folder).disable("editor")
    assert not who.may("publish")
    as_("nobody")
    assert not who.may("look")


def test_settings_are_an_administrators_though_their_file_is_uploaded_like_any_other(office, as_):
    row = Row(2, {"campaign_id": next(iter(office.live().rows()["campaign"])), "due_soon_days": 3})
    data = b"campaign_id,due_soon_days\n"
    file = LedgerFile("campaign", "campaign.csv", data, "UTF-8", (row,))
    as_("editor")
    draft = office.draft([file], NOTE, Decisions(), office.live_number())
    live = office.live_number()
    with pytest.raises(NotAllowed):
        office.publish_draft(draft)
    assert office.live_number() == live
    as_("administrator")
    assert office.publish_draft(draft).number == live + 1


def test_the_door_of_a_store_is_open_where_nobody_signs_in(tiny_store, tmp_path, monkeypatch):
    store = Store(shutil.copytree(tiny_store.folder, tmp_path / "store"))
    monkeypatch.setenv("TAIZHANG_STORE", str(store))
    assert store.publish([FILE], NOTE, store.live_number()).published_by == "别人"
    assert not (store.folder / "access").exists()
    assert T("signin.nobody") in text_of(open_page("overview", store, monkeypatch))


# --- under whose name --------------------------------------------------------------------------------------------


def test_what_is_published_bears_the_name_of_whoever_signed_in_whatever_the_page_says(office, as_, monkeypatch):
    as_("editor")
    app = open_page("upload", office, monkeypatch)
    app.file_uploader(key="upload_files").set_value([("action.csv", LINE, "text/csv")]).run()
    assert "upload_by" not in {one.key for one in [*app.selectbox, *app.text_input]}
    app.session_state["upload_by"] = "别人"
    app.text_input(key="upload_note_text").set_value("周报")
    next(one for one in app.button if one.label == T("upload.preview")).click().run()
    app.button(key="upload_publish").click().run()
    assert not app.exception
    made = office.live()
    assert made.published_by == "editor·某人"
    (line,) = Audit(office.folder).entries()
    assert (line.act, line.who, line.campaign, line.release) == ("publish", "editor", "main", made.number)


# --- the page of people ------------------------------------------------------------------------------------------


def test_accounts_are_made_changed_and_ended_on_their_page_and_each_is_written_down(office, as_, monkeypatch):
    as_("administrator")
    known = People(office.folder)
    app = open_page("people", office, monkeypatch)
    for key, value in (("people_name", "li"), ("people_shown", "李工")):
        app.text_input(key=key).set_value(value)
    app.selectbox(key="people_role").set_value("editor")
    next(one for one in app.button if one.label == T("people.add")).click().run()
    assert not app.exception
    (password,) = (one.value for one in app.code)
    assert passwords.is_right(password, known.named("li").password)
    assert password not in text_of(app.run())  # shown once
    assert not app.code
    app.selectbox(key="people_whom").set_value("li").run()
    app.button(key="people_disable").click().run()
    assert known.named("li").is_disabled
    app.button(key="people_enable").click().run()
    app.selectbox(key="people_whom").set_value("administrator").run()
    app.button(key="people_disable").click().run()
    assert T("user.last_administrator") in text_of(app)
    said = [(one.act, one.detail) for one in Audit(office.folder).entries()]
    assert said == [("user_add", "li editor"), ("user_disable", "li editor"), ("user_enable", "li editor")]
    assert T("did.user_add") in text_of(app)


def test_nobody_but_an_administrator_makes_accounts_however_they_come_to_it(office, as_, monkeypatch):
    as_("administrator")
    app = open_page("people", office, monkeypatch)
    app.text_input(key="people_name").set_value("li")
    button = next(one for one in app.button if one.label == T("people.add"))
    as_("editor")  # as a page would that was drawn before the role was taken away
    button.click().run()
    assert People(office.folder).find("li") is None
    assert [(one.act, one.detail) for one in Audit(office.folder).entries()] == [("refused", "people")]


def test_an_archive_of_a_campaign_carries_no_accounts(office):
    from taizhang.store.campaigns import Campaigns

    (one,) = Campaigns(office.folder).all()
    out = io.BytesIO()
    archives.write(one, out)
    with zipfile.ZipFile(out) as made:
        assert made.namelist()
        assert not [name for name in made.namelist() if "access" in name or b"argon2" in made.read(name)]


def test_the_name_that_signs_is_asked_for_where_nobody_signs_in(tiny_store, monkeypatch):
    app = open_page("releases", tiny_store, monkeypatch)
    app.button(key="releases_undo").click().run()
    sign(app, "releases_undo_by", "测试")
    assert not app.exception
