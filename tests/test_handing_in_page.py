"""The unit's page and the editor's, one after the other, without a browser."""

import pytest
from ready_made import copy_of
from test_handing_in import OWN, cells, hand_in, of, outcome, taken
from test_pages import open_page, text_of
from test_rounds import WEEK_2, accept, first_week, hand_out, publish

from taizhang.access import passwords
from taizhang.access.audit import Audit
from taizhang.access.people import People
from taizhang.declared.wording import language
from taizhang.store import Store, leave
from taizhang.ui import badge, who

T = language("zh")
WORD = "河东-meeting-42"


@pytest.fixture
def store(ready_made, tmp_path, monkeypatch) -> Store:
    """An office whose 交通局 and 审批局 hand in, with an editor; nobody is there before `as_` says who."""
    monkeypatch.setattr(passwords, "PARAMETERS", {"memory_cost": 8, "time_cost": 1, "parallelism": 1})
    store = copy_of(ready_made("asked", first_week), tmp_path / "store")
    monkeypatch.setenv("TAIZHANG_STORE", str(store))
    leave.asked_of(who.expect, who._told)
    people = People(store.folder)
    for name, role, scope in (
        ("jtj", "unit", ["交通局"]),
        ("spj", "unit", ["审批局"]),
        ("bj", "editor", None),
        ("ld", "reader", ["交通局"]),
    ):
        people.add(name, f"{name}·某人", role, WORD)
        if scope:
            people.hold_to(name, scope)
    return store


@pytest.fixture
def as_(monkeypatch):
    """`as_("jtj")`: from now on the server says that this one is there."""

    def there(name: str) -> None:
        monkeypatch.setattr(who, "_said", {"x-taizhang-person": name, "x-taizhang-from": "10.0.0.7"}.get)

    return there


def bring(app, text: str, name: str = "周报.csv"):
    app.file_uploader(key="upload_files").set_value([(name, text.encode(), "text/csv")]).run()
    assert not app.exception
    return app


def click(app, label: str):
    next(one for one in app.button if one.label == T(label)).click().run()
    assert not app.exception
    return app


def sent_in(store: Store, as_, monkeypatch, text: str = OWN, name: str = "jtj"):
    as_(name)
    app = bring(open_page("hand_in", store, monkeypatch), text)
    app.text_input(key="hand_in_note").set_value("请收")
    return click(app, "handin.hand_in")


def look_at_it(store: Store, as_, monkeypatch):
    as_("bj")
    return click(open_page("upload", store, monkeypatch), "handin.look")


def publish_it(app):
    next(one for one in app.button if one.label == T("upload.preview")).click().run()
    assert not app.exception
    app.button(key="upload_publish").click().run()
    assert not app.exception
    return app


def test_a_unit_hands_in_and_an_editor_accepts(store, as_, monkeypatch):
    app = sent_in(store, as_, monkeypatch)
    assert T("handin.done", number=1) in text_of(app)
    assert T("handin.waiting") in text_of(app)
    assert store.live().number == 1
    app = look_at_it(store, as_, monkeypatch)
    assert "jtj·某人" in text_of(app)
    publish_it(app)
    assert outcome(store, 1) == ("accepted", 2, 2)
    assert store.live().published_by == "bj·某人"
    assert store.live().note_zh == "请收"
    as_("jtj")
    assert T("handin.accepted", release=2) in text_of(open_page("hand_in", store, monkeypatch))
    acts = [(one.who, one.act, one.release) for one in Audit(store.folder).entries()]
    assert acts == [("jtj", "hand_in", None), ("bj", "publish", 2)]


def test_an_editor_returns_it_and_the_unit_sees_why(store, as_, monkeypatch):
    sent_in(store, as_, monkeypatch)
    app = look_at_it(store, as_, monkeypatch)
    click(app, "handin.give_back")
    assert T("handin.needs_reason") in text_of(app)
    app.text_input(key="waiting_reason").set_value("桥墩没有架好")
    click(app, "handin.give_back")
    assert T("handin.given_back", number=1) in text_of(app)
    assert T("handin.waits_title", count=1) not in text_of(app)
    as_("jtj")
    said = text_of(open_page("hand_in", store, monkeypatch))
    assert T("handin.returned", reason="桥墩没有架好", by="bj·某人") in said
    assert Audit(store.folder).broken() is None
    assert [one.act for one in Audit(store.folder).entries()] == ["hand_in", "given_back"]


def test_an_editor_accepts_a_part(store, as_, monkeypatch):
    sent_in(store, as_, monkeypatch)
    app = look_at_it(store, as_, monkeypatch)
    app.multiselect(key="waiting_out").set_value([("周报", 3)]).run()
    app.button(key="waiting_leave_out").click().run()
    publish_it(app)
    as_("jtj")
    said = text_of(open_page("hand_in", store, monkeypatch))
    assert T("handin.accepted_in_part", release=2, rows=1, of=2) in said


def test_a_unit_takes_it_back_while_an_editor_looks_at_it(store, as_, monkeypatch):
    sent_in(store, as_, monkeypatch)
    looking = look_at_it(store, as_, monkeypatch)
    next(one for one in looking.button if one.label == T("upload.preview")).click().run()
    as_("jtj")
    app = click(open_page("hand_in", store, monkeypatch), "handin.take_back")
    assert T("handin.taken_back", number=1) in text_of(app)
    as_("bj")
    looking.button(key="upload_publish").click().run()
    assert T("handin.answered_meanwhile", number=1) in text_of(looking)
    assert store.live().number == 1


def test_two_editors_accept_the_same(store, as_, monkeypatch):
    sent_in(store, as_, monkeypatch)
    first, second = (look_at_it(store, as_, monkeypatch) for _ in range(2))
    next(one for one in second.button if one.label == T("upload.preview")).click().run()
    publish_it(first)
    second.button(key="upload_publish").click().run()
    assert not second.exception
    assert store.live().number == 2


def test_what_waits_stands_beside_the_name_of_the_page(store, as_, monkeypatch):
    as_("bj")
    assert who.may("publish")
    assert waits(store, monkeypatch) == {"upload": 0, "hand_in": 0}
    as_("jtj")
    hand_in(store, OWN, "交通局")
    hand_in(store, OWN, "交通局")
    as_("bj")
    assert waits(store, monkeypatch) == {"upload": 2, "hand_in": 0}
    store.waiting().give_back(2, "重报", "bj·某人")
    accept(store, taken(store, 1))
    assert waits(store, monkeypatch) == {"upload": 0, "hand_in": 0}
    as_("jtj")
    assert waits(store, monkeypatch) == {"upload": 0, "hand_in": 1}
    as_("spj")
    assert waits(store, monkeypatch) == {"upload": 0, "hand_in": 0}


def waits(store: Store, monkeypatch) -> dict[str, int]:
    """Page → the number beside its name in the menu."""
    seen: dict[str, int] = {}
    real = badge.waits
    monkeypatch.setattr(badge, "waits", lambda page: seen.setdefault(page, real(page)))
    assert not open_page("overview", store, monkeypatch).exception
    monkeypatch.setattr(badge, "waits", real)
    return {page: seen[page] for page in ("upload", "hand_in")}


def test_a_unit_sees_its_own_and_nothing_of_the_others(store, as_, monkeypatch):
    as_("bj")
    hand_out(store)
    as_("spj")
    hand_in(store, "措施编号,整改进展\nCS-5,已并\n", "审批局", by="spj")
    as_("jtj")
    said = text_of(open_page("hand_in", store, monkeypatch))
    assert T("handin.to_fill_title", count=3) in said
    for foreign in ("审批局", "spj", "CS-5", "CS-3", "限时办结", "东区"):
        assert foreign not in said, foreign
    app = bring(
        open_page("hand_in", store, monkeypatch), "措施编号,责任单位,整改措施\nCS-3,交通局,看看有没有\nWT-2,审批局,看\n"
    )
    for foreign in ("限时办结", "办结一半", "审批太慢"):
        assert foreign not in text_of(app), foreign


def test_who_may_not_hand_in_does_not_find_the_page(store, as_, monkeypatch):
    for name in ("ld", "bj"):
        as_(name)
        assert T("obstacle.not_for_you") in text_of(open_page("hand_in", store, monkeypatch)), name
    as_("ld")
    with pytest.raises(Exception, match="may not hand_in"):
        hand_in(store, OWN, "交通局", by="ld")
    as_("jtj")
    with pytest.raises(Exception, match="may not publish"):
        store.waiting().give_back(1, "x", "jtj")
    assert T("obstacle.not_for_you") in text_of(open_page("upload", store, monkeypatch))


def test_a_publish_meanwhile_is_seen_before_it_is_handed_in(store, as_, monkeypatch):
    as_("jtj")
    app = bring(open_page("hand_in", store, monkeypatch), OWN)
    as_("bj")
    publish(store, WEEK_2, action="措施编号,整改进展\nCS-1,已铺一半\n")  # the very same
    as_("jtj")
    app.text_input(key="hand_in_note").set_value("")
    click(app, "handin.hand_in")
    one = store.waiting().number(1)
    as_("bj")
    assert set(cells(taken(store, 1))["action"]) == {"CS-2"}
    assert (one.release, of(store, "交通局").release) == (1, 2)
