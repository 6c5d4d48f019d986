"""Places an office brings itself: a list of names, outlines, a grid laid by hand."""

import json

import pytest

from taizhang import uploads
from taizhang.declared.wording import language
from taizhang.store import Store
from taizhang.uploads import own_places, places
from taizhang.uploads.lines import FileRefused

WARDS = "市区,乡镇\n内科,一病区\n,二病区\n外科,一病区\n外科,手术室\n外科,手术室\n"


def spots(made):
    return {row["town_name"]: (row["tile_row"], row["tile_col"]) for row in made.towns}


def test_a_list_without_codes_and_tiles_is_numbered_and_laid():
    made = own_places.from_list("wards.csv", WARDS.encode("gb18030"), "医院")
    assert [(row["district_code"], row["district_name"]) for row in made.districts] == [
        ("SQ-001", "内科"), ("SQ-002", "外科"),
    ]  # fmt: skip
    assert [(row["town_code"], row["district_code"], row["town_name"]) for row in made.towns] == [
        ("XZ-001", "SQ-001", "一病区"),
        ("XZ-002", "SQ-001", "二病区"),
        ("XZ-003", "SQ-002", "一病区"),
        ("XZ-004", "SQ-002", "手术室"),
    ]
    assert len({(row["tile_row"], row["tile_col"]) for row in made.towns}) == 4
    assert {row["town_kind"] for row in made.towns} == {"other"}


def test_a_list_of_names_alone_stands_under_the_name_of_the_whole():
    made = own_places.from_list("list.csv", b"name\nA\nB\n", "Hospital")
    assert [row["district_name"] for row in made.districts] == ["Hospital"]
    assert [row["town_name"] for row in made.towns] == ["A", "B"]


def test_names_that_the_register_knows_take_its_codes_and_lie_as_on_the_ground():
    data = "市区,乡镇\n蓬江区,白沙街道\n蓬江区,荷塘镇\n台山市,白沙镇\n台山市,新开镇\n"
    made = own_places.from_list("镇街.csv", data.encode(), "江门")
    assert [row["town_code"] for row in made.towns] == ["MCA440703002", "MCA440703101", "MCA440781105", "XZ-001"]
    assert [row["district_code"] for row in made.districts] == ["MCA440703", "MCA440781"]
    laid = spots(made)
    assert laid["荷塘镇"][1] > laid["白沙镇"][1]  # 蓬江 lies east of 台山


def test_a_place_that_is_there_already_keeps_its_code(tiny):
    rows = tiny.rows()
    made = own_places.from_list("list.csv", "市区,乡镇\n东区,河口\n东区,新村\n".encode(), "全市", rows)
    assert [row["town_code"] for row in made.towns] == ["MCA-E2", "XZ-001"]
    assert made.districts[0]["district_code"] == "MCA-E"


def test_what_a_list_makes_is_read_like_any_file(tmp_path):
    store = Store(tmp_path / "store")
    store.make_folder()
    made = own_places.from_list("wards.csv", WARDS.encode(), "医院")
    checked = uploads.check(store, places.files_of(made, language("zh")))
    assert [one for one in checked.problems if one.severity == "error"] == []
    assert [(file.table, len(file.rows)) for file in checked.files] == [("district", 2), ("town", 4)]


def square(col, row):
    ring = [[col, -row], [col + 1, -row], [col + 1, -row - 1], [col, -row - 1], [col, -row]]
    return {"type": "Polygon", "coordinates": [ring]}


def test_outlines_are_laid_so_that_those_that_share_a_line_touch():
    features = [
        {"type": "Feature", "geometry": square(col, row), "properties": {"name": f"{row}{col}", "code": f"W{row}{col}"}}
        for row in range(3)
        for col in range(3)
    ]
    data = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    made = own_places.from_outlines("wards.geojson", data, "院区")
    assert [row["town_code"] for row in made.towns][:2] == ["W00", "W01"]
    kept, known = made.kept_towns
    assert known == 12
    assert kept >= 11
    assert spots(made)["00"][0] < spots(made)["20"][0]  # north above south


@pytest.mark.parametrize("data", [b"[]", b"{", b'{"features": [{"geometry": {"type": "Point"}, "properties": {}}]}'])
def test_what_is_no_layer_of_areas_is_refused(data):
    with pytest.raises(FileRefused) as refused:
        own_places.from_outlines("x.geojson", data, "x")
    assert refused.value.code == "no_outlines"


def test_a_grid_moves_the_tiles_of_places_that_are_registered(tiny):
    rows = tiny.rows()
    made = own_places.from_grid("grid.csv", "row,col,code,name\n0,3,MCA-E1,\n2,1,,河口\n1,1,,西市\n".encode(), rows)
    assert made["town"] == (
        {"town_code": "MCA-E1", "tile_row": 0, "tile_col": 3},
        {"town_code": "MCA-E2", "tile_row": 2, "tile_col": 1},
    )
    assert made["district"] == ({"district_code": "MCA-W", "tile_row": 1, "tile_col": 1},)


@pytest.mark.parametrize(
    ("line", "code"), [("1,1,,没有", "no_such_place"), ("1,1,,白沙", "place_twice"), ("x,1,MCA-E1,", "no_tile")]
)
def test_a_line_of_a_grid_that_means_no_one_place_is_refused(line, code, tiny):
    with pytest.raises(FileRefused) as refused:
        own_places.from_grid("grid.csv", f"row,col,code,name\n{line}\n".encode(), tiny.rows())
    assert (refused.value.code, refused.value.blanks["line"]) == (code, 2)


def test_a_list_without_names_is_refused():
    with pytest.raises(FileRefused, match="no_places"):
        own_places.from_list("x.csv", b"a,b\n1,2\n", "x")


def test_a_table_that_lays_nothing_is_no_grid(tiny_store):
    with pytest.raises(FileRefused, match="no_grid"):
        own_places.from_grid("grid.csv", b"row,col,name\n", tiny_store.live().rows())


def test_an_own_list_is_brought_on_the_page_and_becomes_the_file_in_hand(tiny_store, monkeypatch):
    from test_pages import open_page

    app = open_page("settings", tiny_store, monkeypatch)
    app.file_uploader(key="places_own_file").set_value(
        [("名单.csv", "市区,乡镇\n甲区,东镇\n,西镇\n".encode(), "text/csv")]
    ).run()
    app.button("places_own_go").click().run()
    assert not app.exception
    (district, town) = (data.decode("utf-8-sig") for _, data in app.session_state["_upload"].files)
    assert "甲区" in district
    assert "东镇" in town
    assert "西镇" in town
