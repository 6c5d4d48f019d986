"""An office chooses its places from the register of the country; they become the upload in hand, like any file."""

import streamlit as st

from taizhang.declared import tables
from taizhang.declared.wording import Language
from taizhang.drawing.html import furniture
from taizhang.exhibits.views import View
from taizhang.rows.changes import Decisions
from taizhang.store import Release
from taizhang.ui import who
from taizhang.ui.controls import ROOT, standing
from taizhang.ui.handed_in import Upload, keep, put_away
from taizhang.uploads import lines, own_places, places
from taizhang.uploads.lines import FileRefused
from taizhang.uploads.places import Listed

_LEVELS = ("province", "prefecture", "county")


def offer(view: View) -> None:
    """On the list of what to bring: as long as a campaign covers places and has none."""
    if who.may("publish") and view.has_places and not view.release.holds("district"):
        with st.expander(view.t("settings.places_offer")):
            choose(standing().live, view.t)
            bring(standing().live, view.t)


def choose(live: Release, t: Language) -> None:
    """Province, then what is below it as far as one likes; how far down it is listed; and what that would change."""
    st.html(furniture.note(t("settings.places_note")))
    one = _place(t)
    if one is None:
        return
    depths = places.depths(one.code)
    depth = st.segmented_control(
        t("settings.places_depth"),
        depths,
        default=depths[0],
        key=f"places_depth_{one.code}",
        required=True,
        format_func=lambda depth: t(f"settings.places_{depth}"),
    )
    is_replacing = st.toggle(t("settings.places_replace"), key="places_replace", help=t("settings.places_replace_help"))
    if not st.button(t("settings.places_go"), key="places_go", type="primary"):
        return
    with st.spinner(t("settings.places_laying")):
        made = places.chosen(one.code, depth)
    removed = places.left_out(made, live.rows()) if is_replacing else frozenset()
    reason = t("cligeo.replaced", place=t.name(one.name, one.name_en)) if removed else ""
    files = places.files_of(made, t)
    _hand_in(files, live, Decisions(remove=removed, remove_reason=reason), t)


def bring(live: Release, t: Language) -> None:
    """A list, outlines or a grid of the office's own."""
    st.html(furniture.note(t("settings.places_own_note")))
    kind = st.segmented_control(
        t("settings.places_own_kind"),
        own_places.KINDS,
        default=own_places.KINDS[0],
        key="places_own_kind",
        required=True,
        format_func=lambda kind: t(f"settings.places_own_{kind}"),
    )
    file = st.file_uploader(t("settings.places_own_file"), key="places_own_file")
    if not st.button(t("settings.places_own_go"), key="places_own_go", disabled=file is None):
        return
    whole = live.ask("campaign").records()[0]["org_name"]
    try:
        files = own_places.files_from(kind, file.name, file.getvalue(), whole, live.rows(), t)
    except FileRefused as refused:
        st.html(furniture.message(lines.sentence(refused, t), "error"))
        return
    _hand_in(files, live, Decisions(), t)


def _hand_in(files: tuple[tuple[str, bytes], ...], live: Release, decisions: Decisions, t: Language) -> None:
    """Go on with the files on the upload page, each named as its ledger is."""
    titles = {f"{name}.csv": t.of(table.title) for name, table in tables.ledgers().items()}
    named = tuple((f"{titles[name]}.csv", data) for name, data in files)
    put_away()
    keep(Upload(named, named, decisions=decisions, listed_in=live.number))
    st.switch_page(ROOT / "pages" / "upload.py")


def _place(t: Language) -> Listed | None:
    """The place chosen, a control for each level that there is below the one before; None before any is."""
    found, listed = None, places.provinces()
    for level, place in zip(_LEVELS, st.columns(3), strict=True):
        options = {one.code: one for one in listed if one.level != "town" and places.below(one.code)}
        if not options:
            break
        chosen = place.selectbox(
            t(f"settings.places_{level}"),
            list(options),
            index=None,
            key=f"places_{level}_{found.code if found else ''}",
            placeholder=t("settings.places_all_of" if found else "settings.places_choose"),
            format_func=lambda code, options=options: t.name(options[code].name, options[code].name_en),
        )
        if chosen is None:
            break
        found = options[chosen]
        listed = places.below(chosen)
    return found
