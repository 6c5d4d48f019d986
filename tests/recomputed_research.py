"""K22–K33 from exported rows: places, visits, events, topics, suggestions, forms, proposals and documents.

A row without a day counts as of any day: its source says only that it happened.
"""

import datetime as dt
from collections import defaultdict

from exported_rows import Ledgers, Row
from stated import Lines, Mark, Marks, Stated, count, counts_by, divided, share

CHANNELS = {
    "Research visit": "research_visit",
    "Forum": "forum",
    "Opinion form": "questionnaire",
    "Opinion box": "box",
    "Hotline": "hotline",
    "Online": "online",
    "Heart-to-heart talk": "talk",
    None: "unknown",
}
ANSWERS = ("A Solved", "B Being solved", "C Planned", "D For reference, explained")
REPORTED_ON = ("Report written", "Put to use")
PUT_TO_USE = ("Adopted", "Made a rule or policy", "Carried out")


def has_come(row: Row, heading: str, as_of: dt.date) -> bool:
    day = row.day(heading)
    return day is None or day <= as_of


def is_valid(row: Row, as_of: dt.date) -> bool:
    """Whether a place of the register is one on that day."""
    last = row.day("Valid to")
    return has_come(row, "Valid from", as_of) and (last is None or last >= as_of)


# --- places ----------------------------------------------------------------------------------------------------


def made(row: Row, as_of: dt.date) -> bool:
    return row.text("State") == "Visited" and has_come(row, "Date", as_of)


def places_visited(ledgers: Ledgers, heading: str, as_of: dt.date) -> set[str | None] | None:
    """The places of visits made; None while no visit that was made ever names one: no data is not "not visited"."""
    visits = ledgers.get("visit", ())
    if not any(row.text("State") == "Visited" and row.text(heading) for row in visits):
        return None
    return {row.text(heading) for row in visits if made(row, as_of)}


def districts_in_scope(ledgers: Ledgers, as_of: dt.date) -> list[str]:
    register = ledgers.get("district", ())
    return [row.text("District code") for row in register if row.says_yes("In scope") and is_valid(row, as_of)]


def towns_in_scope(ledgers: Ledgers, as_of: dt.date) -> list[Row]:
    """A town is in scope when it is, and its district is: there is no town of a district left out."""
    districts = districts_in_scope(ledgers, as_of)
    register = [row for row in ledgers.get("town", ()) if row.says_yes("In scope") and is_valid(row, as_of)]
    return [row for row in register if row.text("District code") in districts]


def marked(codes: list[str], visited: set[str | None] | None) -> Marks:
    return [None if visited is None else code in visited for code in codes]


def district_coverage(ledgers: Ledgers, as_of: dt.date) -> Lines:
    """K22: districts visited / districts in scope, as the register has them on the day."""
    visited = places_visited(ledgers, "District code", as_of)
    return {None: share(marked(districts_in_scope(ledgers, as_of), visited))}


def town_coverage(ledgers: Ledgers, as_of: dt.date) -> Lines:
    """K23: towns visited / towns in scope, and the same without subdistricts."""
    visited = places_visited(ledgers, "Town code", as_of)
    towns = towns_in_scope(ledgers, as_of)
    every = marked([row.text("Town code") for row in towns], visited)
    rural = marked([row.text("Town code") for row in towns if row.text("Kind") != "Subdistrict"], visited)
    return {None: share(every), "without_subdistricts": share(rural, every)}


def visits(ledgers: Ledgers, as_of: dt.date) -> Lines:
    """K24: visits made, by district; a district in scope without one stays visible as 0."""
    marks: dict[str, list[Mark]] = defaultdict(list)
    for row in ledgers.get("visit", ()):
        if row.text("State") != "Called off":
            place = row.text("District code") or ("outside" if row.text("City outside") else "unlocated")
            marks[place].append(made(row, as_of))
    every = [mark for of_place in marks.values() for mark in of_place]
    if places_visited(ledgers, "District code", as_of) is not None:
        for code in districts_in_scope(ledgers, as_of):
            marks[code] = marks[code] or [False]
    return {None: count(every)} | counts_by(marks)


# --- research --------------------------------------------------------------------------------------------------


def sessions(ledgers: Ledgers, as_of: dt.date) -> Lines:
    """K25: forums and seminars held."""
    kinds: dict[str, list[Mark]] = {"forum": [], "seminar": []}
    for row in ledgers.get("event", ()):
        if row.text("Kind") in ("Forum", "Seminar"):
            kinds[row.text("Kind").lower()].append(has_come(row, "Date", as_of))
    return {None: count(kinds["forum"] + kinds["seminar"])} | counts_by(kinds)


def topics_with_report(ledgers: Ledgers) -> Lines:
    """K26: topics with a report, or put to use / topics."""
    states = [row.text("Status") for row in ledgers.get("research_topic", ())]
    return {None: share([None if state is None else state in REPORTED_ON for state in states])}


def proposals_put_to_use(ledgers: Ledgers) -> Lines:
    """K32: adopted, made policy or carried out / proposals whose status is known. The others are not in it at all."""
    states = [row.text("Status") for row in ledgers.get("proposal", ())]
    known = [state in PUT_TO_USE for state in states if state != "Not stated"]
    rate = share(known)
    return {None: Stated(rate.value, rate.numerator, len(known), len(states) - len(known))}


def rules_made(ledgers: Ledgers, as_of: dt.date) -> Lines:
    """K33: plans and rules, made or revised, under rectification, by the day. What is not said is unknown, unless
    something else that is said rules it out already."""
    return {None: count([is_rule_made(row, as_of) for row in ledgers.get("document", ())])}


def is_rule_made(row: Row, as_of: dt.date) -> Mark:
    wanted = {"Kind": ("Plan", "Rule"), "What was done": ("Newly made", "Revised"), "Strand": ("Rectify",)}
    said = {heading: row.text(heading) for heading in wanted}
    if any(text is not None and text not in wanted[heading] for heading, text in said.items()):
        return False
    if not has_come(row, "Issued on", as_of):
        return False
    return None if None in said.values() else True


# --- suggestions and forms -------------------------------------------------------------------------------------


def received(ledgers: Ledgers, as_of: dt.date) -> list[Row]:
    return [row for row in ledgers.get("suggestion", ()) if has_come(row, "Received on", as_of)]


def merged(rows: list[Row]) -> list[Row]:
    """Each suggestion once: without those merged into another, or disposed of as a duplicate."""
    return [row for row in rows if row.text("Merged into") is None and row.text("Disposition") != "Duplicate"]


def disposed_as(rows: list[Row], wanted: tuple[str, ...]) -> Marks:
    return [None if row.text("Disposition") is None else row.text("Disposition") in wanted for row in rows]


def suggestions(ledgers: Ledgers, as_of: dt.date) -> Lines:
    """K27: suggestions received, by channel, and how many they are when each is counted once."""
    rows, channels = received(ledgers, as_of), defaultdict(list)
    for row in rows:
        channels[CHANNELS[row.text("Channel")]].append(True)
    return {None: count([True] * len(rows))} | counts_by({**channels, "merged": [True for _ in merged(rows)]})


def answered(ledgers: Ledgers, as_of: dt.date) -> Lines:
    """K28: disposed of as A, B, C or D, with a reply by the day / merged suggestions."""
    rows = merged(received(ledgers, as_of))
    replied = [row.day("Replied on") is not None and row.day("Replied on") <= as_of for row in rows]
    ways = disposed_as(rows, ANSWERS)
    return {None: share([way and reply for way, reply in zip(ways, replied, strict=True)])}


def solved_and_adopted(ledgers: Ledgers, as_of: dt.date) -> Lines:
    """K29: solved is A, adopted is A, B and C, both / merged suggestions. D is answered, and not adopted."""
    rows = merged(received(ledgers, as_of))
    solved = share(disposed_as(rows, ANSWERS[:1]))
    return {None: solved, "solved": solved, "adopted": share(disposed_as(rows, ANSWERS[:3]))}


def became_issues(ledgers: Ledgers, as_of: dt.date) -> Lines:
    """K31: merged suggestions that became an issue / merged suggestions."""
    rows = merged(received(ledgers, as_of))
    return {None: share([row.text("Became issue") is not None for row in rows])}


def return_rate(ledgers: Ledgers, as_of: dt.date) -> Lines:
    """K30: forms returned / forms sent, over rounds that say both. Where none does, the forms returned stand alone."""
    rounds = [row for row in ledgers.get("feedback_round", ()) if has_come(row, "Sent on", as_of)]
    counted = [(row.number("Forms returned"), row.number("Forms sent")) for row in rounds]
    returned = [back for back, _ in counted if back is not None]
    sent = [out for _, out in counted if out is not None]
    both = [(back, out) for back, out in counted if back is not None and out is not None]
    part = sum(back for back, _ in both) if both else sum(returned) if returned else None
    whole = sum(out for _, out in both) if both else None
    return {
        None: Stated(divided(part, whole), part, whole, len(rounds) - len(both)),
        "returned": Stated(sum(returned) if returned else None),
        "issued": Stated(sum(sent) if sent else None),
    }
