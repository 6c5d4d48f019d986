"""The wall clock, read here and nowhere else: when something was published, and the day it is in the office."""

import datetime as dt

BEIJING = dt.timezone(dt.timedelta(hours=8))  # the clock on the office's wall


def now() -> dt.datetime:
    """This moment in UTC, without its zone, to the second: as releases record it."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)


def today() -> dt.date:
    """Today in the office: offered to a person who then says the day, never used unasked."""
    return dt.datetime.now(BEIJING).date()
