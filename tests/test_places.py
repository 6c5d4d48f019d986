"""The register of the country's places, and what an office makes of it: rows that go the way of every file."""

import csv
import datetime as dt
import io

import pytest

from taizhang import uploads
from taizhang.cli import main
from taizhang.declared.wording import language
from taizhang.exhibits.tile_names import stated, tile_names
from taizhang.rows.changes import Decisions
from taizhang.store import Note, Store
from taizhang.store.campaigns import Campaigns
from taizhang.uploads import places

# 儋州: a prefecture without districts; 墨脱县: a county in Tibet.
DANZHOU, MOTUO = "460400", "540423"
DAY = dt.date(2026, 3, 6)


@pytest.fixture(scope="module")
def jiangmen():
    return places.chosen("440700")


def codes(found):
    return [one.code for one in found]


def test_the_register_has_the_country_in_four_levels():
    levels = [one.level for one in places.register().values()]
    assert [levels.count(level) for level in ("province", "prefecture", "county", "town")] == [33, 333, 2845, 38723]
    assert len(places.provinces()) == 31  # two have no places below them on the list


def test_a_choice_leads_from_province_to_town():
    assert "440000" in codes(places.provinces())
    assert "440700" in codes(places.below("440000"))
    assert codes(places.path("440781103")) == ["440000", "440700", "440781", "440781103"]
    assert codes(places.path("659001")) == ["650000", "659001"]  # belongs to no prefecture
    assert places.below("440781103") == ()


@pytest.mark.parametrize(
    ("name", "first", "count"),
    [
        ("江门", "440700", 1),
        ("江门市", "440700", 1),
        ("Jiangmen", "440700", 1),
        ("朝阳", "211300", 4),
        ("黔西南", "522300", 1),
    ],
)
def test_a_place_is_found_by_its_name_with_or_without_its_kind(name, first, count):
    assert (codes(places.found(name))[0], len(places.found(name))) == (first, count)


def test_nothing_is_found_of_nothing_and_a_code_may_bear_the_letters_of_its_system():
    assert places.found(" ") == places.found("没有这个地方") == []
    assert places.place("mca440700").name == "江门市"
    with pytest.raises(places.NoSuchPlace):
        places.place("999999")
    with pytest.raises(places.NoSuchPlace):
        places.chosen("440781103")  # a town


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("荷塘镇", "town"), ("白沙街道", "subdistrict"), ("永乐乡", "township"), ("高坡苗族乡", "ethnic_township"),
        ("巴彦塔拉达斡尔民族乡", "ethnic_township"), ("鄂温克民族苏木", "sumu"), ("赵家蓬区公所", "district_office"),
        ("台山市", "city"), ("鄂伦春自治旗", "banner"), ("某某", None),
    ],
)  # fmt: skip
def test_the_kind_of_a_town_is_read_from_the_end_of_its_name(name, kind):
    assert places.kind_of(name) == kind


def test_a_prefecture_gives_its_districts_and_towns_with_neighbours_kept(jiangmen):
    assert (len(jiangmen.districts), len(jiangmen.towns)) == (7, 73)
    spots = {(row["tile_row"], row["tile_col"]) for row in jiangmen.towns}
    assert len(spots) == 73
    assert jiangmen.kept_districts == (11, 11)
    kept, known = jiangmen.kept_towns
    assert known == 91
    assert kept / known >= 0.85
    assert {row["town_name"] for row in jiangmen.towns if row["town_name"].startswith("白沙")} == {"白沙街道", "白沙镇"}


def test_the_shipped_register_of_the_example_says_the_same(jiangmen):
    said = ("town_name", "town_name_en", "town_kind")
    with (places.REGISTER.parent / "town.csv").open(encoding="utf-8") as file:
        shipped = {row["town_code"]: [row[name] for name in said] for row in csv.DictReader(file)}
    made = {row["town_code"]: [row[name] for name in said] for row in jiangmen.towns}
    assert made == shipped


def test_a_prefecture_without_districts_is_its_own_and_townships_of_peoples_have_short_names():
    assert [row["district_name"] for row in places.chosen(DANZHOU).districts] == ["儋州市"]
    assert len(places.chosen(MOTUO).towns) == 8
    short = {row["town_name"]: row["short_name"] for row in places.chosen("520111").towns}
    assert (short["高坡苗族乡"], short["孟关苗族布依族乡"], short["久安乡"]) == ("高坡乡", "孟关乡", None)


def test_a_province_gives_prefectures_and_counties_and_a_large_city_what_a_map_can_hold():
    assert places.depths("310000") == ("towns", "counties")  # 上海: 216 towns
    assert places.depths("500000") == ("counties", "towns")  # 重庆: over a thousand
    assert places.depths("440000") == ("counties",)
    assert places.depths("440700") == ("towns", "counties")
    hainan = places.chosen("460000")
    assert ("MCA460400", "MCA460400") in {(row["district_code"], row["town_code"]) for row in hainan.towns}
    assert {row["town_kind"] for row in hainan.towns} <= {"district", "city", "county"}


def test_the_files_are_read_like_any_other_and_become_a_release(jiangmen, tmp_path):
    store = Store(tmp_path / "store")
    store.make_folder()
    for lang in ("en", "zh"):
        files = places.files_of(jiangmen, language(lang))
        checked = uploads.check(store, files)
        assert [problem for problem in checked.problems if problem.severity == "error"] == []
        draft = uploads.draft(
            store, checked.files, Note("测试", DAY, "名录", "Register", "first"), Decisions(), checked.parent
        )
        assert len(draft.release.rows()["town"]) == 73
    made = store.publish_draft(draft)
    assert made.rows()["town"]["MCA440703002"]["town_kind"] == "subdistrict"
    assert made.rows()["source"].keys() == {"SRC-PLACES", "SRC-SEATS"}
    assert "GS（2024）0650号" in made.rows()["source"]["SRC-SEATS"]["publisher"]


# --- the command -----------------------------------------------------------------------------------------------


def run(capsys, *args):
    with pytest.raises(SystemExit) as stopped:
        main(args)
    said = capsys.readouterr()
    return stopped.value.code, said.out, said.err


def test_the_command_lists_finds_and_writes(capsys, tmp_path):
    assert "广东省" in run(capsys, "geo")[1]
    code, out, _ = run(capsys, "geo", "朝阳")
    assert (code, "211300" in out, "110105" in out) == (0, True, True)
    code, _, err = run(capsys, "geo", "没有这个地方")
    assert (code, "没有名为" in err) == (1, True)
    code, out, _ = run(capsys, "geo", MOTUO, "-o", str(tmp_path / "out"))
    assert (code, "1 个市区，8 个乡镇街道" in out) == (0, True)
    town = (tmp_path / "out" / "town.csv").read_text(encoding="utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(town)))
    assert (len(lines), lines[0]["乡镇代码"], lines[0]["类别"]) == (8, "MCA540423100", "镇")


def test_the_command_publishes_and_replaces_what_is_not_of_the_place(capsys, tmp_path):
    store = tmp_path / "store"
    told = ("--as-of", "2026-03-06", "--note", "名录", "--by", "办公室")
    run(capsys, "init", "--empty", "--store", str(store))
    assert run(capsys, "geo", MOTUO, "--publish", "--store", str(store), *told)[0] == 0
    code, _, err = run(capsys, "geo", DANZHOU, "--publish", "--store", str(store))
    assert (code, "--as-of" in err) == (1, True)
    assert run(capsys, "geo", DANZHOU, "--publish", "--replace", "--store", str(store), *told)[0] == 0
    rows = Store(store).live().rows()
    assert rows["district"].keys() == {"MCA460400"}
    assert all(key.startswith("MCA460400") for key in rows["town"])


# --- what tiles say --------------------------------------------------------------------------------------------


def town(name, kind, short=None, district="D1", en=None):
    return {
        "town_code": f"{district}{name}",
        "district_code": district,
        "town_name": name,
        "town_name_en": en,
        "short_name": short,
        "town_kind": kind,
    }


def test_a_tile_says_the_name_without_its_kind_and_what_is_short_is_stated():
    rows = [
        town("荷塘镇", "town"),
        town("高坡苗族乡", "ethnic_township"),
        town("孟关苗族布依族乡", "township", short="孟关乡"),
        town("巴彦塔拉苏木", "sumu"),
        town("红星农场", "other"),
        town("一病区", "other"),
        town("城关镇", "town"),
        town("城关街道", "subdistrict"),
        town("城关镇", "town", district="D2"),
        town("哈日布日格德音乌拉镇", "town"),
        town("乡", "township"),
    ]
    names = tile_names(rows, language("zh"))
    assert [short for short, _ in names.values()] == [
        "荷塘", "高坡苗族乡", "孟关乡", "巴彦塔拉苏木", "红星农场", "一病区",
        "城关镇", "城关街道", "城关", "哈日布日格…", "乡",
    ]  # fmt: skip
    assert stated(names, language("zh")) == "简称：孟关乡＝孟关苗族布依族乡、哈日布日格…＝哈日布日格德音乌拉镇"


def test_an_english_tile_says_the_name_without_its_kind():
    rows = [
        town("荷塘镇", "town", en="Hetang Town"),
        town("高坡苗族乡", "ethnic_township", short="高坡乡", en="Gaopo Miao Ethnic Township"),
        town("孟关苗族布依族乡", "ethnic_township", en="Mengguan Miao Bouyei Ethnic Township"),
        town("白沙镇", "town"),
    ]
    said = [short for short, _ in tile_names(rows, language("en")).values()]
    assert said == ["Hetang", "Gaopo Miao", "Mengguan", "白沙"]
    assert stated(tile_names(rows[:1], language("en")), language("en")) == ""


def test_the_command_takes_a_list_and_a_grid_of_its_own(capsys, tmp_path):
    store, told = tmp_path / "store", ("--as-of", "2026-03-06", "--note", "病区", "--by", "院感科")
    own, grid = tmp_path / "wards.csv", tmp_path / "grid.csv"
    own.write_text("district,name\nEast wing,Ward 1\n,Ward 2\n", encoding="utf-8")
    grid.write_text("row,col,name\n0,0,Ward 2\n0,1,Ward 1\n", encoding="utf-8")
    run(capsys, "init", "--empty", "--store", str(store))
    assert run(capsys, "geo", "--list", str(own), "--publish", "--store", str(store), *told)[0] == 0
    assert run(capsys, "geo", "--grid", str(grid), "--publish", "--store", str(store), *told)[0] == 0
    rows = Store(store).live().rows()["town"]
    assert {row["town_name"]: (row["tile_row"], row["tile_col"]) for row in rows.values()} == {
        "Ward 1": (0, 1),
        "Ward 2": (0, 0),
    }
    code, _, err = run(capsys, "geo", "--grid", str(own), "--store", str(store))
    assert (code, "不是格图" in err) == (1, True)


def test_a_place_is_chosen_on_the_page_and_becomes_the_file_in_hand(tiny_store, monkeypatch):
    """Down to a county of three towns; what it would take out is left to whoever asks for it."""
    from test_pages import open_page

    app = open_page("settings", tiny_store, monkeypatch)
    assert [one.key for one in app.selectbox if one.key.startswith("places_")] == ["places_province_"]
    app.selectbox("places_province_").set_value("440000").run()
    app.selectbox("places_prefecture_440000").set_value("440700").run()
    app.selectbox("places_county_440700").set_value("440704").run()
    app.button("places_go").click().run()
    assert not app.exception
    handed_in = app.session_state["_upload"]
    assert [name for name, _ in handed_in.files] == ["来源.csv", "市区.csv", "乡镇街道.csv"]
    assert handed_in.listed_in == tiny_store.live_number()
    checked = uploads.check(tiny_store, handed_in.files)
    towns = {row.cells["town_name"] for file in checked.files if file.table == "town" for row in file.rows}
    assert (towns, checked.errors) == ({"外海街道", "礼乐街道", "江南街道"}, ())


def test_what_is_written_of_a_place_has_headings_that_somebody_can_read():
    (_, _), (_, districts), (_, towns) = places.files_of(places.chosen("440704"), language("zh"))
    heads = [next(csv.reader(io.StringIO(data.decode("utf-8-sig")))) for data in (districts, towns)]
    assert heads[0][0] == "市区代码"
    assert not any("[" in one for head in heads for one in head)


def test_the_list_of_what_to_bring_offers_places_as_long_as_there_are_none(article_store, tmp_path, monkeypatch):
    from test_pages import open_page

    from taizhang.uploads import founding

    def offered(store) -> bool:
        return any(one.key == "places_province_" for one in open_page("start", store, monkeypatch).selectbox)

    assert not offered(article_store)  # it has its register
    for covers in (True, False):
        told = founding.Answers("后续整改", "水务局", started_on=DAY, by="办公室", covers_places=covers)
        made = founding.found(Campaigns(tmp_path / str(covers)), told)
        assert offered(made.store) is covers
