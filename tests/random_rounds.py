"""Random orders in which sheets go out, are written into, come back, and come back again while others publish.

    python tests/random_rounds.py --orders 10000 --seed 1

Sheets are lines of text, read, compared and merged by the product; a model in plain Python says what every cell must
hold: a unit's edit, unless somebody else changed the cell since its sheet went out, who keeps it until somebody
decides. The same seed makes the same orders. `test_rounds.py` tries a few.
"""

import argparse
import datetime as dt
import random
import sys
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from taizhang.declared.tables import ledgers  # noqa: E402
from taizhang.rows import changes  # noqa: E402
from taizhang.rows.changes import Decisions  # noqa: E402
from taizhang.rows.comparison import PartFile  # noqa: E402
from taizhang.uploads import handed_out  # noqa: E402
from taizhang.uploads.came_back import Recognised  # noqa: E402
from taizhang.uploads.cells import context_of_rows, rows_of  # noqa: E402
from taizhang.uploads.handed_out import Base  # noqa: E402
from taizhang.uploads.headings import parts_of  # noqa: E402
from taizhang.uploads.lines import Line, Sheet  # noqa: E402

UNITS = {"甲": ("CS-1", "CS-2"), "乙": ("CS-3",)}
FIELDS = ("progress_note", "blocker")
HEADINGS = [ledgers()["action"].column(name).heading.zh for name in ("action_id", *FIELDS)]
TEXTS = (None, "动工", "一半", "缺钱", "缺人")
ACTS = ("editor", "editor", "hand out", "write", "write", "write", "back", "back", "others")

Cells = dict[str, dict[str, str | None]]  # key → field → text


class Office:
    """What the ledger must hold, and the sheets that are in the hands of units."""

    def __init__(self, draw: random.Random):
        self.draw, self.count = draw, Counter()
        usual = changes.defaults(ledgers()["action"])
        self.rows = {name: {} for name in ledgers()}
        for key in (key for keys in UNITS.values() for key in keys):
            self.rows["action"][key] = {**usual, "action_id": key, "content": "做", "resp_unit": self.unit_of(key)}
        self.model: Cells = {key: dict.fromkeys(FIELDS) for key in self.rows["action"]}
        self.sheets: list[tuple[str, Cells, Cells]] = []  # unit, what went out, what stands there now

    @staticmethod
    def unit_of(key: str) -> str:
        return next(unit for unit, keys in UNITS.items() if key in keys)

    def act(self) -> str | None:
        """One thing that happens; what is wrong afterwards, if anything is."""
        act = self.draw.choice(ACTS)
        if act == "editor":
            key, name, text = self.draw.choice(list(self.model)), self.draw.choice(FIELDS), self.draw.choice(TEXTS)
            self.model[key][name] = text
            self.rows["action"][key] = {**self.rows["action"][key], name: text}
        elif act == "hand out":
            unit = self.draw.choice(list(UNITS))
            said = {key: dict(self.model[key]) for key in UNITS[unit] if key in self.model}
            self.sheets.append((unit, said, {key: dict(cells) for key, cells in said.items()}))
        elif self.sheets and act == "write":
            _, _, now = self.draw.choice(self.sheets)
            if now:
                now[self.draw.choice(list(now))][self.draw.choice(FIELDS)] = self.draw.choice(TEXTS)
        elif self.sheets and act in ("back", "others"):
            self.take_back(*self.draw.choice(self.sheets), strange=act == "others")
        self.count[act] += 1
        held = {key: {name: row[name] for name in FIELDS} for key, row in self.rows["action"].items()}
        return None if held == self.model else f"{act}: the ledger holds {held}, not {self.model}"

    def take_back(self, unit: str, out: Cells, now: Cells, strange: bool) -> None:
        """A sheet comes back, perhaps with a row of another unit pasted in."""
        lines = dict(now)
        foreign = next(key for other, keys in UNITS.items() if other != unit for key in keys)
        if strange:
            lines[foreign] = dict.fromkeys(FIELDS, "不该有")
        file, refused = self.read(unit, out, lines)
        if [one.blanks["row"] for one in refused] != ([foreign] if strange else []):
            raise AssertionError(f"refused {refused} of {lines}")
        conflicts = changes.conflicts_in([file], self.rows)
        decided = {one.cell for one in conflicts if self.draw.random() < 0.3}  # these the unit's value is taken for
        for key, cells in now.items():
            for name, text in cells.items():
                cell, was, held = ("action", key, name), out[key][name], self.model[key][name]
                is_edit, is_ours = text != was, held in (was, text)
                if (cell in {one.cell for one in conflicts}) != (is_edit and not is_ours):
                    raise AssertionError(f"{cell}: was {was}, holds {held}, says {text}: {conflicts}")
                if is_edit and (is_ours or cell in decided):
                    self.count["hidden" if not is_ours and cell not in decided else "taken"] += 1
                    self.model[key][name] = text
                self.count["conflicts"] += is_edit and not is_ours
        self.rows = changes.merge([file], self.rows, Decisions(yours=frozenset(decided))).rows

    def read(self, unit: str, out: Cells, cells: Cells):
        """The file that a sheet with these cells is, and what of it is refused."""
        texts = [[key, *(own[name] or "" for name in FIELDS)] for key, own in cells.items()]
        lines = [[f"整改措施台账 · {unit}"], ["填报码 TB-001-0123ABCD"], HEADINGS, *texts]
        sheet = Sheet(unit, tuple(Line(number, tuple(own)) for number, own in enumerate(lines, start=1)), "xlsx")
        (part,), _ = parts_of([sheet])
        base = Base(1, dt.date(2019, 9, 13), {"action": self.released(out)}, unit)
        context = context_of_rows(self.rows)
        (part,), refused = Recognised((sheet,), {unit: base}).without_others([part], self.rows)
        rows = handed_out.edits_of(part, rows_of(part, context), base, self.rows, context, ()).rows
        return PartFile("action", unit, repr(lines).encode(), "xlsx", rows, handed_out.keys_of(part, base)), refused

    def released(self, out: Cells) -> Mapping[str, Mapping[str, object]]:
        return {key: {**self.rows["action"][key], **cells} for key, cells in out.items()}


def order(seed: str, acts: int = 24) -> tuple[list[str], Counter]:
    """One order: what is wrong, and how often each thing happened."""
    office = Office(random.Random(seed))
    try:
        wrong = [said for _ in range(acts) if (said := office.act())]
    except AssertionError as error:
        wrong = [str(error)]
    return [f"{seed}: {one}" for one in wrong[:1]], office.count


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--orders", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=1)
    given, begun, wrong, count = asked.parse_args(), time.process_time(), [], Counter()
    for number in range(given.orders):
        found, own = order(f"{given.seed}-{number}")
        wrong += found
        count += own
    print(*wrong, dict(sorted(count.items())), sep="\n")
    print(f"{given.orders} orders, {len(wrong)} wrong, {time.process_time() - begun:.0f} s")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
