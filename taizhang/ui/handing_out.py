"""Handouts on the meeting page: made on a click, with progress, then there to take away."""

import hashlib

import streamlit as st

from taizhang.declared.headers import LANGUAGES
from taizhang.declared.wording import Language
from taizhang.drawing.html import furniture
from taizhang.showing import handouts, meeting_files
from taizhang.showing.meetings import Meeting
from taizhang.store.campaigns import name_of
from taizhang.ui import who
from taizhang.ui.controls import store
from taizhang.ui.downloads import download
from taizhang.ui.handed_in import head


def offer(one: Meeting, t: Language) -> None:
    """A button for each kind; what was made last stands ready below them as long as it is still the same."""
    if not who.may("hand_out"):
        return
    head(t("handout.offer_title"), t("handout.offer_caption"))
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"handout_{one.meeting_id}"):
        lang = st.segmented_control(
            t("handout.language"),
            [*LANGUAGES, handouts.BOTH],
            default=t.code,
            key=f"handout_lang_{one.meeting_id}",
            format_func=lambda code: t("handout.both") if code == handouts.BOTH else t(f"frame.{code}"),
            required=True,
        )
        asked = [
            kind
            for kind in handouts.KINDS
            if st.button(t(f"handout.make_{kind}"), key=f"handout_{kind}_{one.meeting_id}")
        ]
    with st.expander(t("handout.deck_settings")):
        given = st.file_uploader(t("handout.template"), type=["pptx", "potx"], key=f"handout_template_{one.meeting_id}")
        sources = st.checkbox(t("handout.sources"), value=True, key=f"handout_sources_{one.meeting_id}")
    template = given.getvalue() if given else None
    of = _fingerprint(one, lang, template, sources)
    for kind in asked:
        _make(kind, one, lang, template, sources, of, t)
    kept = st.session_state.get("_handout")
    if kept and kept[0] == of:
        _, kind, data = kept
        name = handouts.file_name(kind, store(), one, lang)
        with st.container(horizontal=True, vertical_alignment="center"):
            said = t("handout.ready", kind=t(f"handout.make_{kind}"), size=-(-len(data) // 1000))
            st.html(furniture.message(said, "done"))
            download(t("handout.take"), data, name, f"handout_take_{one.meeting_id}")


def _make(kind: str, one: Meeting, lang: str, template: bytes | None, sources: bool, of: str, t: Language) -> None:
    """Make one handout while a bar moves; a refusal is one sentence, and what was made before stays."""
    place = st.empty()
    bar = place.progress(0.0, text=t(f"handout.make_{kind}"))

    def tell(done: int, total: int) -> None:
        bar.progress(min(done / total, 1.0) if total else 0.0, text=t("handout.progress", done=done, total=total))

    try:
        st.session_state["_handout"] = (of, kind, handouts.make(kind, store(), one, lang, template, sources, tell))
        who.write("take", campaign=name_of(store()), release=one.release, detail=f"{one.meeting_id} {kind}")
    except Exception as refused:
        words = getattr(refused, "words", None)  # a maker says what it refuses by the key of a sentence and its blanks
        if words is None:
            raise
        st.html(furniture.message(t(words[0], **words[1]), "error"))
    finally:
        place.empty()


def _fingerprint(one: Meeting, lang: str, template: bytes | None, sources: bool) -> str:
    said = meeting_files.written(one) + repr((lang, sources)).encode() + (template or b"")
    return hashlib.sha256(said).hexdigest()
