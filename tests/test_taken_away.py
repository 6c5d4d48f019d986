"""Who takes a campaign away, brings one back or makes handouts stands in the book; and whose rows a page names."""

import io

from ready_made import copy_of
from test_roles_on_pages import T, as_, office  # noqa: F401  (fixtures)

from taizhang.access.audit import Audit
from taizhang.exhibits.views import Choices, look
from taizhang.showing import meetings
from taizhang.store import archives
from taizhang.store.campaigns import Campaigns
from taizhang.store.narrowed import narrowed
from taizhang.ui import archiving, handing_out, who


def last_line(office) -> tuple:  # noqa: F811
    *_, one = Audit(office.folder).entries()
    return one.who, one.role, one.source, one.act, one.campaign, one.release, one.detail


def test_who_takes_a_campaign_away_is_written_down_though_no_session_is_known_when_it_is_made(office, as_, monkeypatch):  # noqa: F811
    (one,) = Campaigns(office.folder).all()
    as_("administrator")
    write = who.to_write("backup", campaign=one.name, release=3, detail="tiny.zip")
    assert list(Audit(office.folder).entries()) == []  # nobody has clicked yet
    monkeypatch.setattr(who, "_said", {}.get)
    archiving._archive(one, write)
    assert last_line(office) == ("administrator", "administrator", "10.0.0.7", "backup", "main", 3, "tiny.zip")


def test_who_brings_a_campaign_back_is_written_down(office, as_):  # noqa: F811
    out = io.BytesIO()
    archives.write(Campaigns(office.folder).all()[0], out)
    as_("administrator")
    archives.read(Campaigns(office.folder), out, "Back")
    assert last_line(office) == ("administrator", "administrator", "10.0.0.7", "restore", "Back", 3, "")


def test_who_makes_a_handout_of_a_meeting_is_written_down(office, as_, monkeypatch):  # noqa: F811
    as_("presenter")
    meeting = meetings.prepare(look(office, Choices()), "HY-009", "会", office.live().as_of)
    monkeypatch.setattr(handing_out.handouts, "make", lambda *_: b"made")
    monkeypatch.setattr(handing_out, "store", lambda: office)
    handing_out._make("ledger", meeting, "zh", None, False, "", T)
    assert last_line(office) == ("presenter", "presenter", "10.0.0.7", "take", "main", 3, "HY-009 ledger")


def test_a_district_of_another_campaign_stands_by_its_name_and_one_of_none_not_at_all(tiny_store, demo_store, tmp_path):
    demo = copy_of(demo_store, tmp_path / "home" / "campaigns" / "demo")
    tiny = copy_of(tiny_store, tmp_path / "home" / "campaigns" / "JM2019")
    scope = ["MCA440703", "MCA-E", "MCA999999", "一科"]
    assert look(narrowed(tiny, scope), Choices()).only == "仅东区、蓬江区、一科"
    assert look(narrowed(demo, ["MCA440703"]), Choices()).only == "仅蓬江区"
    assert "MCA" not in look(narrowed(tiny, ["MCA999999"]), Choices()).only
