"""The page of settings: what is usual and what is the office's own; a change becomes the upload in hand."""

import streamlit as st

from taizhang.declared import tables
from taizhang.declared.tables import Column
from taizhang.declared.terms import terms
from taizhang.declared.vocabulary import STRAND_PAGES, plural
from taizhang.declared.wording import Language, language
from taizhang.drawing.html import furniture
from taizhang.rows.changes import Decisions
from taizhang.ui import places_choice
from taizhang.ui.controls import ROOT, standing
from taizhang.ui.handed_in import Upload, keep, put_away
from taizhang.ui.page import Page
from taizhang.uploads import settings as setting
from taizhang.uploads.settings import OF_CAMPAIGN, OwnStrand, OwnWord, Settings


def settings(page: Page) -> None:
    """Everything that can be set, of the live release; and the way to what a change would do."""
    t, live = page.t, standing().live
    now = setting.settings_of(live)
    campaign, strands, words, labels, places = page.tabs("campaign", "strands", "words", "labels", "places")
    with campaign:
        values = _campaign(now, t)
        asked = _go("settings_go", t)
    with strands:
        wanted = _strands(now, t)
        asked |= _go("settings_go_strands", t)
    with words:
        own = _words(now, t)
        asked |= _go("settings_go_words", t)
    with labels:
        own |= _labels(now, t)
        asked |= _go("settings_go_labels", t)
    with places:
        places_choice.choose(live, t)
        places_choice.bring(live, t)
    if not asked:
        return
    made = setting.made(live, Settings(values, wanted, own))
    for refused in made.refused:
        st.html(furniture.message(setting.sentence(refused, t), "error"))
    if made.files:
        put_away()
        decisions = Decisions(remove=made.removed, remove_reason=t("settings.removed_reason") if made.removed else "")
        keep(Upload(made.files, made.files, decisions=decisions, listed_in=made.release))
        st.switch_page(ROOT / "pages" / "upload.py")
    elif not made.refused:
        st.html(furniture.message(t("settings.nothing"), "warning"))


def _go(key: str, t: Language) -> bool:
    """Below each set of settings, for all of them; places are handed in by themselves."""
    return st.button(t("settings.go"), key=key, type="primary")


def _campaign(now: Settings, t: Language) -> dict[str, object]:
    st.html(furniture.note(t("settings.campaign_note")))
    columns = st.columns(3)
    return {
        name: _field(
            tables.ledgers()["campaign"].column(name),
            now.campaign[name],
            t,
            st if name == "scope_note" else columns[place % 3],  # a sentence needs the whole width
        )
        for place, name in enumerate(OF_CAMPAIGN)
    }


def _field(column: Column, value: object, t: Language, place) -> object:
    """A control for a value of the campaign, by the type of its column."""
    said = {"label": t.of(column.heading), "key": f"settings_{column.name}"}
    said["help"] = t.of(column.note) if column.note else None
    if column.type == "BOOLEAN":
        return place.toggle(value=bool(value), **said)
    if column.type == "DATE":
        return place.date_input(value=value, format="YYYY-MM-DD", **said)
    if column.type == "INTEGER":
        return place.number_input(value=value, min_value=0, step=1, **said)
    return place.text_input(value=value or "", **said)


def _strands(now: Settings, t: Language) -> tuple[OwnStrand, ...]:
    """A line for each strand there can be; those without a name are none."""
    st.html(furniture.note(t("settings.strands_note")))
    found = []
    for place in range(setting.MOST_STRANDS):
        one = now.strands[place] if place < len(now.strands) else OwnStrand("", "")
        blanks, key = {"number": place + 1}, f"settings_strand_{place}"
        zh, en, pages = st.columns([2, 2, 4])
        name = zh.text_input(t("settings.strand_zh", **blanks), value=one.zh, key=f"{key}_zh")
        other = en.text_input(t("settings.strand_en", **blanks), value=one.en, key=f"{key}_en")
        used = pages.multiselect(
            t("settings.strand_pages", **blanks),
            STRAND_PAGES,
            default=[page for page in STRAND_PAGES if page in one.pages],
            key=f"{key}_pages",
            format_func=lambda page: t(f"parts.{page}"),
            placeholder=t("settings.no_page"),
        )
        found.append(OwnStrand(one.code, name, other, frozenset(used)))
    return tuple(found)


def _words(now: Settings, t: Language) -> dict[str, OwnWord]:
    st.html(furniture.note(t("settings.words_note")))
    return {
        code: _word(code, (one.zh[0], one.en[0][0]), now.words.get(code, OwnWord()), t, has_plural=True)
        for code, one in terms().items()
    }


def _word(code: str, usual: tuple[str, str], own: OwnWord, t: Language, *, has_plural: bool) -> OwnWord:
    """What the office says for one word, beside the usual one."""
    zh, en, many = st.columns([2, 2, 2])
    blanks, key = {"word": usual[t.code == "en"]}, f"settings_word_{code}"
    made = plural(own.en or usual[1])
    return OwnWord(
        zh.text_input(t("settings.own_zh", **blanks), value=own.zh, placeholder=usual[0], key=f"{key}_zh"),
        en.text_input(t("settings.own_en", **blanks), value=own.en, placeholder=usual[1], key=f"{key}_en"),
        many.text_input(t("settings.own_many", **blanks), value=own.many, placeholder=made, key=f"{key}_many")
        if has_plural
        else "",
    )


def _labels(now: Settings, t: Language) -> dict[str, OwnWord]:
    """The own labels there are, and those of the list that is looked at."""
    st.html(furniture.note(t("settings.labels_note")))
    lists = setting.lists()
    chosen = st.selectbox(
        t("settings.choose_list"),
        list(lists),
        key="settings_list",
        format_func=lambda name: f"{t.of(lists[name][0].title)} · {t.of(lists[name][1].heading)}",
    )
    both = {code: language(code, t.vocabulary) for code in ("zh", "en")}
    own = {code: one for code, one in now.words.items() if "." in code}
    for one in tables.code_lists()[chosen]:
        code = f"{chosen}.{one.code}"
        usual = both["zh"].of(one.label), both["en"].of(one.label)
        own[code] = _word(code, usual, now.words.get(code, OwnWord()), t, has_plural=False)
    return own
