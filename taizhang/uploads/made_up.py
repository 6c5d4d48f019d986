"""Nothing real goes into the demo: it is there to be tried out, and real rows would be lost among made-up ones.

What is in it may be changed by any file; what is new to it may come only from what the board does itself.
"""

from taizhang.rows.comparison import Comparison
from taizhang.rows.problems import Problem, problem
from taizhang.store import Store
from taizhang.store.campaigns import is_of_the_demo

RULE = "real_row_in_demo"
_OF_THE_BOARD = frozenset({"extension", "request", "letter", "meeting", "commitment"})  # its own acts write these


def strangers(store: Store, comparison: Comparison) -> list[Problem]:
    """The rows that files would add to the demo, each a problem; none for any other campaign."""
    if not is_of_the_demo(store):
        return []
    return [
        problem(RULE, table=table.table, sheet=row.sheet, line=row.line, value=row.key)
        for table in comparison.tables
        if table.table not in _OF_THE_BOARD
        for row in table.new
    ]
