"""The values a cell can hold, as text and back, and what people write for yes, no and nothing."""

import datetime as dt
from decimal import Decimal

CLEAR = ("(清空)", "(clear)")  # an empty cell leaves the value as it is; this one empties it
YES, NO = ("true", "是", "yes", "1"), ("false", "否", "no", "0")


def to_text(value: object) -> str | None:
    """A cell as text, the same for equal values: what `change` records."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value.normalize() if value else Decimal(), "f")
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    return str(value)


def from_text(kind: str, text: str | None) -> object:
    """The cell that `to_text` wrote, for a column of the given DuckDB type.

    Raises `ValueError` when the text is no such value.
    """
    if text is None or kind == "VARCHAR":
        return text
    if kind == "BOOLEAN":
        return {"true": True, "false": False}[text] if text in ("true", "false") else _no_value(kind, text)
    if kind in ("INTEGER", "BIGINT"):
        return int(text)
    if kind == "DATE":
        return dt.date.fromisoformat(text)
    if kind == "TIMESTAMP":
        return dt.datetime.fromisoformat(text)
    try:
        value = Decimal(text)
    except ArithmeticError:
        return _no_value(kind, text)
    return value if value.is_finite() else _no_value(kind, text)


def _no_value(kind: str, text: str) -> object:
    raise ValueError(f"{text!r} is not a {kind}")
