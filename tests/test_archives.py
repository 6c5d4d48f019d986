"""A campaign goes out as one file and comes back on an empty machine with every answer, or it does not come at all."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from ready_made import copy_of
from test_campaigns import tz  # noqa: F401  (a fixture)
from test_pages import open_page, text_of

from taizhang.declared import queries
from taizhang.exhibits.views import Choices, look
from taizhang.showing import meetings, upkeep
from taizhang.store import Store, Unreadable, archives, disk
from taizhang.store.archives import NotAnArchive
from taizhang.store.campaigns import Campaigns, NameTaken, NotAName


@pytest.fixture
def old(tiny_store, tmp_path) -> Campaigns:
    """The tiny store at the top of a data folder, with a meeting being prepared."""
    store = copy_of(tiny_store, tmp_path / "old")
    view = look(store, Choices())
    meetings.save(store, meetings.prepare(view, meetings.next_id(store), "推进会", view.as_of))
    return Campaigns(store.folder)


@pytest.fixture
def whole(old) -> bytes:
    """An archive of it."""
    out = io.BytesIO()
    archives.write(old.named("main"), out)
    return out.getvalue()


def every_answer(store: Store) -> dict[tuple, object]:
    """What each question that needs no more than a day answers, of every release."""
    found = {}
    for number in store.numbers():
        one = store.release(number)
        for name, query in queries.answers().items():
            if set(query.params) <= {"as_of", "compare_on", "district", "release"}:
                known = {"as_of": one.as_of, "compare_on": None, "district": None, "release": number}
                found[number, name] = one.ask(name, **{param: known[param] for param in query.params}).rows
    return found


def test_an_archive_gives_every_answer_again_on_an_empty_machine(old, whole, tmp_path):
    before = old.named("main").store
    known = Campaigns(tmp_path / "new")
    one = archives.read(known, io.BytesIO(whole))
    assert [each.name for each in known.all()] == [one.name]
    assert every_answer(one.store) == every_answer(before)
    assert ("kpis" in {name for _, name in every_answer(before)}, len(every_answer(before)) > 100) == (True, True)
    assert upkeep.verify(one.store) == []
    assert meetings.open_meetings(one.store) == meetings.open_meetings(before)
    assert disk.all_received(one.store.folder).keys() == disk.all_received(before.folder).keys()
    assert upkeep.rebuild(one.store, Store(tmp_path / "again"), lambda done, total: None).differences == ()


def test_the_same_campaign_gives_the_same_file(old, whole):
    out = io.BytesIO()
    assert archives.write(old.named("main"), out).title == archives.contents_of(io.BytesIO(whole)).title
    assert out.getvalue() == whole


def test_one_that_came_back_is_not_overwritten_and_can_stand_beside_itself(whole, tmp_path):
    known = Campaigns(tmp_path / "new")
    first = archives.read(known, io.BytesIO(whole))
    with pytest.raises(NameTaken):
        archives.read(known, io.BytesIO(whole))
    with pytest.raises(NotAName):
        archives.read(known, io.BytesIO(whole), "a/b")
    archives.read(known, io.BytesIO(whole), "BESIDE")
    assert set(known.names()) == {first.name, "BESIDE"}


def changed(whole: bytes, **files: bytes | None) -> bytes:
    """The archive with some of its files changed, added, or (None) left out; `LIVE`, or the first of a folder."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as was, zipfile.ZipFile(out, "w") as now:
        names = was.namelist()
        real = {next((name for name in names if name.startswith(one)), one): data for one, data in files.items()}
        for name in dict.fromkeys([*names, *real]):
            data = real.get(name, was.read(name) if name in names else None)
            if data is not None:
                now.writestr(name, data)
    return out.getvalue()


def other_format(whole: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(whole)) as was:
        return changed(
            whole, **{archives.CONTENTS: json.dumps({**json.loads(was.read(archives.CONTENTS)), "format": 2})}
        )


def outside(whole: bytes) -> bytes:
    return changed(whole, **{"../../outside": b"x"})


WRONG = {
    "empty": (lambda whole: b"", "not_one"),
    "a workbook or any other zip": (lambda whole: changed(whole, **{archives.CONTENTS: None}), "not_one"),
    "cut off": (lambda whole: whole[: len(whole) // 2], "not_one"),
    "of a newer version": (other_format, "other_version"),
    "a path that leads out": (outside, "strange"),
    "a release changed": (lambda whole: changed(whole, releases=b"x"), "damaged"),
    "a received file changed": (lambda whole: changed(whole, received=b"x"), "damaged"),
    "a received file missing": (lambda whole: changed(whole, received=None), "incomplete"),
    "LIVE missing": (lambda whole: changed(whole, LIVE=None), "incomplete"),
    "a byte of the middle turned": (
        lambda whole: whole[: len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 1]) + whole[len(whole) // 2 + 1 :],
        "damaged",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_no_whole_archive_is_refused_and_nothing_of_it_is_left(what, whole, tmp_path):
    damage, code = WRONG[what]
    known = Campaigns(tmp_path / "new")
    with pytest.raises(NotAnArchive) as met:
        archives.read(known, io.BytesIO(damage(whole)))
    assert met.value.what == code
    assert known.names() == ()
    left = [path for path in (tmp_path / "new").rglob("*") if path.is_file()]
    assert [path.name for path in left] in ([], ["shelf.lock"])
    assert not (tmp_path / "outside").exists()


def test_a_damaged_campaign_is_not_archived(old, tmp_path):
    one = old.named("main")
    path = next(iter(disk.all_received(one.store.folder).values()))
    path.write_bytes(b"x")
    with pytest.raises(Unreadable):
        archives.write_file(one, tmp_path / "a.zip")
    assert list(tmp_path.glob("a.zip*")) == []


def test_the_commands_keep_a_campaign_and_bring_it_back(tz, old, tmp_path):  # noqa: F811
    path = tmp_path / "a.zip"
    code, out, err = tz("archive", "-o", path, "--store", old)
    assert (code, str(path) in out, "Traceback" in err) == (0, True, False)
    code, out, _ = tz("unarchive", path, "--store", tmp_path / "new", "--campaign", "BACK")
    assert (code, Campaigns(tmp_path / "new").names()) == (0, ("BACK",))
    path.write_bytes(path.read_bytes()[:-100])
    code, _, err = tz("unarchive", path, "--store", tmp_path / "other", "--lang", "en")
    assert (code, err.count("\n"), "nothing was read in" in err) == (1, 1, True)


def test_an_archive_is_brought_back_on_the_page_where_campaigns_begin(whole, tmp_path, monkeypatch):
    app = open_page("new", Store(tmp_path / "new"), monkeypatch)
    app.file_uploader(key="archive_in").set_value([("a.zip", whole[:1000], "application/zip")]).run()
    app.button(key="archive_bring").click().run()
    assert "什么也没有读入" in text_of(app)
    app.file_uploader(key="archive_in").set_value([("a.zip", whole, "application/zip")]).run()
    app.button(key="archive_bring").click().run()
    assert not app.exception
    (one,) = Campaigns(tmp_path / "new").all()
    assert one.name in str([each.proto for each in app.get("bidi_component")])


def test_the_page_of_what_to_bring_hands_out_the_archive(old, monkeypatch):
    app = open_page("start", Store(old.folder), monkeypatch)
    assert "archive" in [one.key for one in app.get("download_button")]


def test_what_a_crash_left_half_taken_out_is_swept(whole, tmp_path):
    import os

    half = tmp_path / "new" / "campaigns" / ".coming-00000000"
    half.mkdir(parents=True)
    os.utime(half, (0, 0))
    known = Campaigns(tmp_path / "new")
    assert known.names() == ()
    archives.read(known, io.BytesIO(whole))
    assert not half.exists()
    assert Path(half.parent / "shelf.lock").exists()
