"""Draws docs/architecture.svg: the wings of the house, their modules, and who imports whom. `make docs` runs it.

Everything in the picture is read from the sources by `tests/house.py`: the wings and their order, the sentence of a
wing (the first line of its docstring), the modules with their lines, the imports. Lines are shown in blocks of fifty,
so that the picture changes when the house does and not with every edit.
"""

import ast
import colorsys
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape

import house

PICTURE = house.ROOT / "docs" / "architecture.svg"
LINES_A_BLOCK = 50
SENTENCES = {"pages": "One thin page for each question that a reader has."}  # a folder without a docstring

# All measures are in pixels of a picture as wide as a page of documentation.
WIDTH, MARGIN = 1240, 24
TOP, BOTTOM = 92, 24
BOX_RIGHT = 884
TEXT_LEFT, TEXT_RIGHT = MARGIN + 118, BOX_RIGHT - 90
PAD = 11
BETWEEN_STOREYS, BETWEEN_WINGS = 15, 4
SENTENCE_EM, SENTENCE_LINE = 6.0, 16  # of the widest of the usual fonts, since each computer has its own
LETTER = 6.4  # of a monospaced font, whose letters are equally wide on every computer
CELL_LINE, CELL_GAP = 27, 14
BLOCK, BLOCK_PITCH, BLOCK_HEIGHT = 5, 6.5, 4
PORT = 12.5
FIRST_SHAFT, BETWEEN_SHAFTS = BOX_RIGHT + 34, 13
ARROW, HALO = 9, 2.5


# --- what there is to draw -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """One module: its name, and its length in blocks of lines."""

    label: str
    blocks: int

    @property
    def width(self) -> float:
        return max(len(self.label) * LETTER, self.blocks * BLOCK_PITCH)


@dataclass(frozen=True)
class Wing:
    """A wing with its modules by folder ('' for those that stand in no folder of their own)."""

    name: str
    sentence: str
    folders: dict[str, tuple[Cell, ...]]

    @property
    def size(self) -> int:
        return sum(map(len, self.folders.values()))


@dataclass(frozen=True)
class Edge:
    """So many imports of modules of one wing by modules of another."""

    importer: str
    imported: str
    count: int

    @property
    def thickness(self) -> float:
        return 0.9 + 0.11 * self.count

    @property
    def is_against_the_order(self) -> bool:
        return house.RANK[self.imported] >= house.RANK[self.importer]


def wings() -> list[Wing]:
    """From the roof to the ground, as they are drawn."""
    return [_wing(name) for storey in reversed(house.WINGS) for name in storey]


def _wing(name: str) -> Wing:
    texts = {module: text for module, text in _modules().items() if house.wing_of(module) == name}
    folders: dict[str, list[Cell]] = {}
    for module, text in texts.items():
        if not _is_only_a_docstring(text):
            folders.setdefault(_folder(module, texts), []).append(_cell(module, text))
    return Wing(name, _sentence(name, texts), {folder: tuple(cells) for folder, cells in sorted(folders.items())})


@cache
def _modules() -> dict[str, str]:
    return house.modules(house.sources())


def _folder(module: str, texts: Iterable[str]) -> str:
    """`taizhang.showing.deck.page` → `deck`; a package stands in its own folder."""
    parts = module.removeprefix(f"{house.PACKAGE}.").split(".")[1:]
    is_package = any(other.startswith(f"{module}.") for other in texts)
    return "/".join(parts if is_package else parts[:-1])


def _cell(module: str, text: str) -> Cell:
    return Cell(module.rpartition(".")[2], math.ceil(len(text.splitlines()) / LINES_A_BLOCK))


def _is_only_a_docstring(text: str) -> bool:
    return all(isinstance(node, ast.Expr) for node in house.parsed(text).body)


def _sentence(name: str, texts: dict[str, str]) -> str:
    own = texts.get(f"{house.PACKAGE}.{name}", texts.get(name))
    said = ast.get_docstring(house.parsed(own)) if own else None
    return (said or SENTENCES.get(name, "")).partition("\n")[0].replace("`", "")


def edges() -> list[Edge]:
    """Every pair of wings between which there are imports."""
    counts: Counter[tuple[str, str]] = Counter()
    for module, imported in house.graph(_modules()).items():
        counts.update((house.wing_of(module), house.wing_of(one)) for one in imported)
    known = [(pair, count) for pair, count in sorted(counts.items()) if set(pair) <= house.RANK.keys()]
    return [Edge(*pair, count) for pair, count in known if pair[0] != pair[1]]


# --- where it stands -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Placed:
    """A cell and where it stands in the text column of its box."""

    cell: Cell
    x: float
    line: int


@dataclass(frozen=True)
class Box:
    """A wing in its place. Arrows come in at the top of its right side and go out below."""

    wing: Wing
    top: float
    sentence: tuple[str, ...]
    folders: tuple[tuple[str, int], ...]  # (folder, line of cells on which it begins)
    cells: tuple[Placed, ...]
    arriving: float  # how thick the arrows are together that come in
    leaving: tuple[Edge, ...]
    against: tuple[Edge, ...]  # those that come in against the order

    @property
    def cells_top(self) -> float:
        return self.top + PAD + len(self.sentence) * SENTENCE_LINE + 5

    @property
    def arrival(self) -> float:
        return self.top + PAD

    @property
    def ports_top(self) -> float:
        return self.top + PAD + 4 + (self.arriving + 12 if self.arriving else 0)

    @property
    def bottom(self) -> float:
        lines = 1 + max((one.line for one in self.cells), default=0)
        ports = len(self.leaving) + len(self.against)
        return max(self.cells_top + lines * CELL_LINE, self.ports_top + ports * PORT) + 2

    def port(self, edge: Edge) -> float:
        """The height at which an arrow goes out, or comes in against the order."""
        return self.ports_top + PORT * (*self.leaving, *self.against).index(edge)


def boxes(all_wings: Sequence[Wing], all_edges: Sequence[Edge]) -> dict[str, Box]:
    found: dict[str, Box] = {}
    below, storey = float(TOP), None
    for wing in all_wings:
        rank = house.RANK[wing.name]
        if storey is not None:
            below += BETWEEN_WINGS if rank == storey else BETWEEN_STOREYS
        found[wing.name] = _box(wing, below, all_edges)
        below, storey = found[wing.name].bottom, rank
    return found


def _box(wing: Wing, top: float, all_edges: Sequence[Edge]) -> Box:
    arriving = [edge for edge in all_edges if edge.imported == wing.name]
    leaving = [edge for edge in all_edges if edge.importer == wing.name]
    folders, cells = _flow(wing)
    return Box(
        wing=wing,
        top=top,
        sentence=tuple(_broken(wing.sentence)),
        folders=folders,
        cells=cells,
        arriving=sum(edge.thickness for edge in arriving if not edge.is_against_the_order),
        # The deepest first: its shaft is the farthest, so that no arrow of a wing crosses another of the same wing.
        leaving=tuple(sorted(leaving, key=lambda edge: _depth(edge.imported), reverse=True)),
        against=tuple(edge for edge in arriving if edge.is_against_the_order),
    )


@cache
def _depths() -> dict[str, int]:
    names = [name for storey in reversed(house.WINGS) for name in storey]
    return {name: place for place, name in enumerate(names)}


def _depth(name: str) -> int:
    """How far below the roof a wing is drawn."""
    return _depths()[name]


def _flow(wing: Wing) -> tuple[tuple[tuple[str, int], ...], tuple[Placed, ...]]:
    """Cells one after another like words; a folder begins a line of its own and stands in front of it."""
    left = TEXT_LEFT + (max(len(folder) for folder in wing.folders) + 2) * LETTER if any(wing.folders) else TEXT_LEFT
    folders, cells, line = [], [], 0
    for folder, members in wing.folders.items():
        x, line = left, line + bool(cells)
        folders.append((folder, line))
        for cell in members:
            if x > left and x + cell.width > TEXT_RIGHT:
                x, line = left, line + 1
            cells.append(Placed(cell, x, line))
            x += cell.width + CELL_GAP
    return tuple(folders), tuple(cells)


def _broken(sentence: str) -> Iterator[str]:
    line = ""
    for word in sentence.split():
        if line and (len(line) + 1 + len(word)) * SENTENCE_EM > TEXT_RIGHT - TEXT_LEFT:
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    yield line


# --- how it looks ----------------------------------------------------------------------------------------------


def picture() -> str:
    """The whole picture as SVG text."""
    all_edges = edges()
    placed = boxes(wings(), all_edges)
    height = max(box.bottom for box in placed.values()) + BOTTOM
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{_n(height)}" '
            f'viewBox="0 0 {WIDTH} {_n(height)}" role="img" aria-labelledby="title">',
            '<title id="title">The wings of Taizhang, from the ground up, and which of them import which</title>',
            _style(),
            f'<rect class="paper" width="{WIDTH}" height="{_n(height)}"/>',
            *_head(any(edge.is_against_the_order for edge in all_edges)),
            *arrows(placed, all_edges),
            *(line for box in placed.values() for line in _drawn(box)),
            "</svg>",
            "",
        ]
    )


def _style() -> str:
    said = [
        "text{font:12px system-ui,'Segoe UI','Helvetica Neue',Arial,'Noto Sans',sans-serif}",
        ".module,.folder{font:10.5px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace}",
        ".heading{font-size:19px;font-weight:600}.name{font-size:15px;font-weight:600}.port,.size{font-size:10.5px}",
        ".against{fill:none;stroke-dasharray:5 3}.line{fill:none}.halo{fill:none}",
        *_colours(is_dark=False),
        "@media (prefers-color-scheme:dark){",
        *_colours(is_dark=True),
        "}",
    ]
    return "<style>\n" + "\n".join(said) + "\n</style>"


def _colours(is_dark: bool) -> Iterator[str]:
    paper, box, rim, ink, soft, wrong = (
        ("#15181d", "#1d2127", "#343a43", "#e6e8eb", "#a3abb6", "#ff8a7a")
        if is_dark
        else ("#ffffff", "#f7f8fa", "#dde1e6", "#1c2127", "#5b6470", "#c0341d")
    )
    yield f".paper{{fill:{paper}}}.halo{{stroke:{paper}}}.box{{fill:{box};stroke:{rim}}}"
    yield f"text{{fill:{ink}}}.sentence,.size,.port,.folder{{fill:{soft}}}"
    yield f".against{{stroke:{wrong}}}.against-head,.wrong{{fill:{wrong}}}"
    for name, place in _depths().items():
        colour = _colour(place, is_dark)
        yield f".{name}{{fill:{colour}}}.line.{name}{{fill:none;stroke:{colour}}}"


def _colour(place: int, is_dark: bool) -> str:
    """Neighbours get hues far from each other, by the golden section of the circle, however many wings there are."""
    lightness, saturation = (0.62, 0.42) if is_dark else (0.45, 0.42)
    red, green, blue = colorsys.hls_to_rgb((0.58 + place * 0.381966) % 1, lightness, saturation)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def _head(has_wrong_ones: bool) -> Iterator[str]:
    yield _text("heading", MARGIN, 36, "Taizhang, drawn from its own imports")
    yield _text(
        "sentence",
        MARGIN,
        57,
        "A wing may import those below it. Wings that touch stand on one storey and do not know each other. "
        "An arrow is as thick as there are imports; their number stands where it leaves.",
    )
    wrong = '  <tspan class="wrong">A dashed arrow points against the order.</tspan>' if has_wrong_ones else ""
    yield (
        f'<text class="sentence" x="{MARGIN}" y="74">A word is a module, and each block below it '
        f"{LINES_A_BLOCK} lines, the last one begun.{wrong}</text>"
    )


def _drawn(box: Box) -> Iterator[str]:
    name, width = box.wing.name, BOX_RIGHT - MARGIN
    place = f'x="{MARGIN}" y="{_n(box.top)}" height="{_n(box.bottom - box.top)}"'
    yield f'<rect class="box" {place} width="{width}" rx="5"/>'
    yield f'<rect class="{name}" {place} width="5" rx="2.5"/>'
    yield _text("name", MARGIN + 16, box.top + PAD + 12, name)
    yield _text("size", MARGIN + 16, box.top + PAD + 28, f"{box.wing.size} module{'s' * (box.wing.size > 1)}")
    for number, line in enumerate(box.sentence):
        yield _text("sentence", TEXT_LEFT, box.top + PAD + 11 + number * SENTENCE_LINE, line)
    for folder, line in box.folders:
        if folder:
            yield _text("folder", TEXT_LEFT, box.cells_top + line * CELL_LINE + 11, f"{folder}/")
    for one in box.cells:
        yield from _module(one, box)
    for edge in box.leaving:
        said = f"{edge.imported} {edge.count}"
        wrong = " wrong" if edge.is_against_the_order else ""
        yield _text(f"port{wrong}", BOX_RIGHT - 8, box.port(edge) + 4, said, "end")


def _module(one: Placed, box: Box) -> Iterator[str]:
    top = box.cells_top + one.line * CELL_LINE
    yield _text("module", one.x, top + 11, one.cell.label)
    blocks = "".join(
        f"M{_n(one.x + place * BLOCK_PITCH)} {_n(top + 16)}h{BLOCK}v{BLOCK_HEIGHT}h-{BLOCK}z"
        for place in range(one.cell.blocks)
    )
    yield f'<path class="{box.wing.name}" d="{blocks}"/>'


def _text(kind: str, x: float, y: float, said: str, anchor: str = "") -> str:
    end = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text class="{kind}" x="{_n(x)}" y="{_n(y)}"{end}>{escape(said, quote=False)}</text>'


def _n(value: float) -> str:
    """A number as short as it can be, and the same on every computer."""
    return f"{value:.1f}".removesuffix(".0")


# --- arrows ----------------------------------------------------------------------------------------------------


def arrows(placed: dict[str, Box], all_edges: Sequence[Edge]) -> Iterator[str]:
    """One shaft for each imported wing, the deepest farthest from the boxes; last, the arrows against the order."""
    left = float(FIRST_SHAFT)
    for name, box in placed.items():
        if box.arriving:
            falling = [edge for edge in all_edges if edge.imported == name and not edge.is_against_the_order]
            yield from _shaft(box, falling, placed, left)
            left += box.arriving + BETWEEN_SHAFTS
    for edge in (edge for edge in all_edges if edge.is_against_the_order):
        yield from _against(edge, placed, left)
        left += BETWEEN_SHAFTS


def _shaft(box: Box, falling: Sequence[Edge], placed: dict[str, Box], left: float) -> Iterator[str]:
    """The arrows into one wing, side by side: those from the roof outside, so that none crosses another."""
    lines, lane = [], 0.0
    for edge in sorted(falling, key=lambda edge: _depth(edge.importer), reverse=True):
        middle = lane + edge.thickness / 2
        path = _fall(placed[edge.importer].port(edge), left + middle, box.arrival + middle, 7 + middle)
        lines.append((edge, path))
        lane += edge.thickness
    for edge, path in lines:
        yield f'<path class="halo" stroke-width="{_n(edge.thickness + HALO)}" d="{path}"/>'
    for edge, path in lines:
        yield _line(f"line {box.wing.name}", edge, path)
    yield _arrowhead(box.wing.name, box.arrival + box.arriving / 2, box.arriving / 2 + 3.5)


def _fall(start: float, x: float, end: float, turn: float) -> str:
    """Out of a box to the right, down a shaft, and back to the left into a box."""
    return (
        f"M{BOX_RIGHT} {_n(start)}H{_n(x - 7)}q7 0 7 7V{_n(end - turn)}q0 {_n(turn)} -{_n(turn)} {_n(turn)}"
        f"H{BOX_RIGHT + ARROW}"
    )


def _against(edge: Edge, placed: dict[str, Box], x: float) -> Iterator[str]:
    start, end = placed[edge.importer].port(edge), placed[edge.imported].port(edge)
    turn = 7 if end > start else -7
    path = f"M{BOX_RIGHT} {_n(start)}H{_n(x - 7)}q7 0 7 {turn}V{_n(end - turn)}q0 {turn} -7 {turn}H{BOX_RIGHT + ARROW}"
    yield f'<path class="halo" stroke-width="{_n(edge.thickness + HALO)}" d="{path}"/>'
    yield _line("against", edge, path)
    yield _arrowhead("against-head", end, 4)


def _line(kind: str, edge: Edge, path: str) -> str:
    said = f"{edge.importer} → {edge.imported}: {edge.count} import{'s' * (edge.count > 1)}"
    return f'<path class="{kind}" stroke-width="{_n(edge.thickness)}" d="{path}"><title>{said}</title></path>'


def _arrowhead(kind: str, y: float, half: float) -> str:
    return f'<path class="{kind}" d="M{BOX_RIGHT + 1} {_n(y)}l{ARROW} -{_n(half)}v{_n(2 * half)}z"/>'


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8", newline="\n")
    print(PICTURE)
