"""The page of people: who may sign in and as what, and the book of what was done."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import asdict

import streamlit as st

from taizhang.access import passwords
from taizhang.access.audit import COLUMNS, TERMINAL, Audit, Entry
from taizhang.access.people import LastAdministrator, NameTaken, NoPerson, NotAPersonsName, Person
from taizhang.access.roles import ACTS, HELD, ROLES
from taizhang.declared.root import data_folder
from taizhang.declared.wording import NOT_KNOWN, Language, language
from taizhang.drawing.html import furniture
from taizhang.drawing.palette import SYMBOLS
from taizhang.drawing.shapes import Cell, Table
from taizhang.exhibits.records import when
from taizhang.showing import accounts
from taizhang.showing.book import cells, csv_of_book
from taizhang.store.narrowed import keys_of
from taizhang.ui import until_drawn, who
from taizhang.ui.aloud import once
from taizhang.ui.controls import choices
from taizhang.ui.downloads import download_made
from taizhang.ui.handed_in import draw, head
from taizhang.ui.which import campaigns

MOST_LINES = 200  # of the book that are shown; the file has all of them
_SAID = "_people_said"


def people_page() -> None:
    """Accounts, what is done with them, and the book."""
    t = language(choices().lang)
    st.html(furniture.page_head("", t("people.question"), (t("people.caption"),)))
    said = until_drawn.said(_SAID)
    if said:
        kind, key, blanks = said
        st.html(furniture.message(t(key, **blanks), kind))
        if "password" in blanks:
            st.code(str(blanks["password"]), language=None)
    if not who.signs_in():
        st.html(furniture.note(t("people.none")))
        st.code("taizhang user add boss --role administrator", language=None)
        return
    known = who.people().all()
    _listed(known, t)
    _add(t)
    _change(known, t)
    _what_each_may(t)
    if who.may("audit"):
        _book(t)


def _listed(known: list[Person], t: Language) -> None:
    head(t("people.list_title", count=len(known)), "")
    names = keys_of(campaigns())
    rows = tuple(tuple(map(Cell, accounts.line(one, names, t))) for one in known)
    draw(Table(tuple(t(f"user.column_{name}") for name in accounts.COLUMNS), rows, "", wide=(3,)), t)


def _add(t: Language) -> None:
    head(t("people.add_title"), t("people.add_caption"))
    with st.form("people_add", border=False, clear_on_submit=True):
        name, shown, role = st.columns(3)
        name.text_input(t("user.column_name"), key="people_name")
        shown.text_input(t("user.column_shown"), key="people_shown")
        _role(role, "people_role", ROLES[0], t)
        st.form_submit_button(t("people.add"), type="primary", on_click=_added)


def _change(known: list[Person], t: Language) -> None:
    head(t("people.change_title"), "")
    if not known:
        return
    by_name = {one.name: one for one in known}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            t("people.whom"),
            list(by_name),
            key="people_whom",
            width=280,
            format_func=lambda name: f"{by_name[name].shown} ({name})" if name in by_name else name,
        )
        one = by_name[chosen]
        _role(st, f"people_role_{one.name}_{one.epoch}", one.role, t, width=180)
        st.button(t("people.give_role"), key="people_give_role", on_click=_given_role)
        st.button(t("people.reset"), key="people_reset", on_click=_reset)
        label = "enable" if one.is_disabled else "disable"
        st.button(t(f"people.{label}"), key=f"people_{label}", on_click=_switched, args=(label,))
    _scope(one, t)


def _scope(one: Person, t: Language) -> None:
    """Whose rows somebody sees, where their role can be held to some."""
    if one.role not in HELD:
        return
    names = keys_of(campaigns())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.multiselect(
            t("people.scope"),
            list(dict.fromkeys([*names, *(one.scope or ())])),
            default=list(one.scope or ()),
            key=f"people_scope_{one.name}_{one.epoch}",
            format_func=lambda key: names.get(key, key),
            placeholder=t("user.all_rows"),
            help=t("people.scope_help"),
        )
        st.button(t("people.hold"), key="people_hold", on_click=_held)


def _role(at, key: str, usual: str, t: Language, **more: object) -> None:
    at.selectbox(
        t("user.column_role"),
        ROLES,
        index=ROLES.index(usual) if usual in ROLES else 0,
        key=key,
        format_func=lambda role: t(f"user.{role}"),
        **more,
    )


def _what_each_may(t: Language) -> None:
    """The table of roles, as it is asked."""
    with st.expander(t("people.may_title")):
        rows = tuple(
            (Cell(t(f"may.{one}")), *(Cell(SYMBOLS["done"] if role in ACTS[one] else "") for role in ROLES))
            for one in ACTS
        )
        draw(Table((t("people.act"), *(t(f"user.{role}") for role in ROLES)), rows, ""), t)


def _book(t: Language) -> None:
    book = Audit(data_folder())
    head(t("people.book_title"), t("people.book_caption"))
    if broken := book.broken():
        st.html(furniture.message(t(f"damage.audit_{broken.what}", path=book.path.name, line=broken.line), "error"))
    entries = list(book.entries())
    names = ("at", "who", "source", "act", "campaign", "release", "detail")
    rows = tuple(
        tuple(Cell(_word(name, said, t)) for name, said in _named(one, names))
        for one in reversed(entries[-MOST_LINES:])
    )
    headings = (t("people.book_at"), *(t(f"audit.{name}") for name in names[1:]))
    draw(Table(headings, rows, t("people.book_empty"), wide=(6,)), t)
    download_made(
        t("people.take_book"),
        lambda: csv_of_book(entries),
        f"{t('people.book_name')}.csv",
        repr(asdict(entries[-1])) if entries else "",
        "people_book",
    )


def _named(one: Entry, names: Sequence[str]) -> list[tuple[str, str]]:
    said = dict(zip(COLUMNS, cells(one), strict=True))
    return [(name, said[name]) for name in names]


def _word(column: str, said: str, t: Language) -> str:
    if column == "at":
        return when(dt.datetime.fromisoformat(said))
    if column == "source" and said == TERMINAL:
        return t("audit.terminal")
    return _act(said, t) if column == "act" else said


def _act(name: str, t: Language) -> str:
    """What was done, in words; an act of a newer version as it is called there."""
    return t(f"did.{name}") if name in _KNOWN else name


_KNOWN = frozenset(
    (
        *("sign_in", "sign_in_failed", "sign_out", "refused", "publish", "undo", "meet", "hand_out", "settings"),
        *(
            "rebuild",
            "backup",
            "hand_in",
            "taken_back",
            "given_back",
            "user_add",
            "user_role",
            "user_scope",
            "user_reset",
            "user_disable",
            "user_enable",
            "user_password",
        ),
    )
)


# --- what the controls do --------------------------------------------------------------------------------------


@once
def _added() -> None:
    name, shown, role = (st.session_state[f"people_{one}"] for one in ("name", "shown", "role"))
    _tried("add", lambda password: who.people().add(name, shown, role, password))


@once
def _given_role() -> None:
    one = who.people().named(st.session_state["people_whom"])
    role = st.session_state[f"people_role_{one.name}_{one.epoch}"]
    _tried("role", lambda _: who.people().give_role(one.name, role))


@once
def _held() -> None:
    one = who.people().named(st.session_state["people_whom"])
    scope = st.session_state[f"people_scope_{one.name}_{one.epoch}"]
    _tried("scope", lambda _: who.people().hold_to(one.name, scope or None))


@once
def _reset() -> None:
    _tried("reset", lambda password: who.people().reset(st.session_state["people_whom"], password))


@once
def _switched(what: str) -> None:
    known = who.people()
    does = known.enable if what == "enable" else known.disable
    _tried(what, lambda _: does(st.session_state["people_whom"]))


def _tried(what: str, does: Callable[[str], Person]) -> None:
    """Do something to an account and write it down; what cannot be done is one sentence. A password is shown once."""
    who.expect("people")
    password = passwords.made_up()
    try:
        one = does(password)
    except NotAPersonsName as error:
        said = "error", "user.not_a_name", {"name": error.name}
    except NameTaken as error:
        said = "error", "user.taken", {"name": error.name}
    except NoPerson as error:
        said = "error", "user.nobody", {"name": error.name, "names": NOT_KNOWN}
    except LastAdministrator:
        said = "error", "user.last_administrator", {}
    else:
        who.write(f"user_{what}", detail=f"{one.name} {one.role}")
        t = language(choices().lang)
        blanks = {"name": one.name, "shown": one.shown, "role": t(f"user.{one.role}")}
        said = "done", f"people.done_{what}", blanks | ({"password": password} if what in ("add", "reset") else {})
    st.session_state[_SAID] = said
