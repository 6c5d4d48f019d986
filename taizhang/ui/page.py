"""A page: asks in the reader's view, and shows exhibits, each with its table and its source."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlsplit

import streamlit as st

from taizhang.declared.wording import Language
from taizhang.drawing import html
from taizhang.drawing.html import furniture, marks
from taizhang.evidence.passports import stamped
from taizhang.evidence.restatements import corrected_by
from taizhang.exhibits import Exhibit
from taizhang.exhibits.beginning import awaited, has_tab, is_on_page
from taizhang.exhibits.catalogue import exhibit as exhibit_named
from taizhang.exhibits.opened import opened
from taizhang.exhibits.parts_of_campaign import has_exhibit, question_of
from taizhang.exhibits.remarks import dotted
from taizhang.exhibits.sources import fact_ids
from taizhang.exhibits.views import View
from taizhang.server import FIRST_PAGE
from taizhang.store.campaigns import About
from taizhang.ui import address, beginning, until_drawn
from taizhang.ui.aloud import act
from taizhang.ui.controls import AUTO, ROOT, choose_district, leave_district, leave_draft, standing, theme, view_of_run
from taizhang.ui.panel import source_panel
from taizhang.ui.search_box import search_box
from taizhang.ui.tabs import tabs
from taizhang.ui.which import campaign, title

# Kinds of pick whose card says what a click does; `_off` of what is chosen already.
_DOES = (
    "district",
    "district_off",
    "town",
    "event",
    "action",
    "issue",
    "extension",
    "unit",
    "measures",
    "overdue",
    "closed",
    "class",
    "kind",
    "recorded",
    "disposition",
)

# A drawing that answers: its marks say on a card what they are, a click on one tells Python what was picked, and links
# are followed without a reload. Where the focus was it stays when the drawing is drawn anew.
_SURFACE = st.components.v2.component(
    "taizhang_surface",
    html="<div class='tz-surface'></div>",
    isolate_styles=False,
    js=marks.script()
    + """
    export default function ({ data, parentElement, setTriggerValue }) {
      taizhangMarks();
      const surface = parentElement.querySelector('.tz-surface');
      const stops = () => [...surface.querySelectorAll('[data-mark],[data-pick],a[href]')];
      if (surface.tzDrawn !== data.html) {
        const held = stops().indexOf(document.activeElement);
        surface.innerHTML = data.html;
        surface.tzDrawn = data.html;
        if (held >= 0) stops()[held]?.focus({ preventScroll: true });
      }
      const chosen = surface.querySelector('.tz-quote-chosen');
      if (chosen && surface.tzChosen !== chosen.textContent) {
        const box = chosen.closest('.tz-passage');
        box.scrollTop += chosen.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
      }
      surface.tzChosen = chosen && chosen.textContent;
      const act = event => {
        if (event.type === 'keydown' && event.key !== 'Enter' && event.key !== ' ') return;
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        if (event.detail > 1) return;  // the second click of a double click would take back what the first one chose
        const mark = event.target.closest('[data-pick]'), link = event.target.closest('a[href]');
        if (!mark && !link) return;
        event.preventDefault();
        setTriggerValue('pick', link ? 'page:' + link.getAttribute('href') : mark.dataset.pick);
      };
      surface.onclick = act;
      surface.onkeydown = act;
    }""",
)


@dataclass(frozen=True)
class Page:
    """One page in the reader's view."""

    view: View
    name: str

    @property
    def t(self) -> Language:
        return self.view.t

    def title(self) -> None:
        """The page's question, with the day, comparison, release and district in words below it."""
        t, view = self.t, self.view
        search_box(view, self._draw)
        self._crumbs()
        if view.is_draft:
            st.html(furniture.draft_banner(t("upload.draft_banner")))
            st.button(t("upload.leave_draft"), key="leave_draft", on_click=leave_draft)
        news = until_drawn.said("_news")
        if news:
            st.html(furniture.message(t("frame.updated", number=news), "done"))
        age, seen = view.ask("data_age").records()[0], view.circumstances
        freshness = (
            t("frame.said_age", days=age["age_days"])
            if age["freshness"] != "fresh"
            else t("frame.said_next", day=t.short_day(age["next_update_on"]))
        )
        circumstances = (seen.as_of, seen.compared, seen.dated_release, seen.district, freshness)
        mark = t("common.demo_note") if view.release.demo_tables else ""
        later = corrected_by(standing(), view)
        corrected = t("passport.superseded", number=later) if later else ""
        st.html(
            furniture.page_head(
                "" if view.district else title(About.of(view.release)),
                question_of(view, self.name),
                circumstances,
                corrected,
                mark,
                help=(t("guide.help"), address.of_guide(self.name)),
                link=(t("address.copy_link"), address.of_view(view)),
            )
        )
        if self.name == FIRST_PAGE and campaign().is_demo:
            beginning.say_demo(t)
        if waiting := awaited(view, self.name):
            beginning.nothing_yet(view, self.name, waiting)
            st.stop()

    def _crumbs(self) -> None:
        """The way back from a district that the whole board is narrowed to; its place stays, so that nothing below is
        drawn anew when it comes or goes."""
        view = self.view
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="crumbs"):
            if view.district:
                st.html(furniture.crumb(title(About.of(view.release)), is_last=False))
                everywhere = self.t("frame.all_districts")
                st.button(everywhere, key="crumb_everywhere", type="tertiary", on_click=leave_district)
                st.html(furniture.crumb(view.district_names.get(view.district, view.district), is_last=True))

    def show(
        self, exhibit: Exhibit, height: int | None = None, choose: Callable[[], object] | None = None, place: str = ""
    ) -> str:
        """Put an exhibit on the page: headline, drawing, and a button that opens its table and its source; `choose`
        draws a control beside the headline. Exhibits that take turns have one `place`: a control in it stays where it
        is, and keeps the focus.

        Returns what the reader picked in it on this run, where that is the page's to act on ('' otherwise). What has
        nothing to do with the campaign is left out.
        """
        if not is_on_page(self.view, exhibit.name):
            return ""
        is_among_own = exhibit.is_demo and not campaign().is_demo  # of a demo the page's head says it once
        demo, place = self.t("common.demo") if is_among_own else "", place or exhibit.name
        with st.container(key=f"exhibit:{place}"):
            with st.container(horizontal=True, vertical_alignment="top", gap="small", key=f"head:{place}"):
                caption = dotted(self.view, exhibit.caption, exhibit.hint)
                st.html(furniture.exhibit_head(exhibit.title, caption, demo))
                if choose:
                    choose()
                asked = st.button(
                    self.t("common.table_and_source"),
                    key=f"source:{exhibit.name}",
                    type="tertiary",
                    icon=":material/info:",
                )
            picked = None if exhibit.is_said else self._draw(exhibit, height)
            if exhibit.note:
                st.html(furniture.note(exhibit.note))
        if asked:
            source_panel(stamped(exhibit, self.view), self.view)
        elif row := opened(self.view, picked or ""):
            source_panel(row, self.view)
        return self._follow(picked or "")

    def show_beside(self, *exhibits: Exhibit) -> None:
        """Several of one kind beside each other, as one block; what all of them say of themselves stands once below."""
        for place, one in zip(self.columns(*(1 for _ in exhibits)), exhibits, strict=True):
            with place, st.container(key=f"beside:{one.name}"):
                self.show(replace(one, caption=""))
        for caption in dict.fromkeys(one.caption for one in exhibits):
            st.html(furniture.note(caption))

    def show_one(self, *names: str) -> str:
        """Several ways to see the same, of which the reader chooses one: exhibits of the catalogue by their names, the
        usual way first. The choice is part of the URL; where the campaign has but one of them there is no choice."""
        t, kind = self.t, self.name
        ways = {name.rpartition(".")[2]: name for name in names if has_exhibit(self.view, name)}
        if not ways:
            return ""
        usual, chosen = next(iter(ways)), f"{kind}_as"
        address.lead(t, "as", chosen, ways, usual, t(f"{kind}.as_{usual}"))
        way = st.session_state[chosen] if len(ways) > 1 else usual

        def choose() -> None:
            st.segmented_control(
                t(f"{kind}.as"),
                list(ways),
                key=chosen,
                format_func=lambda way: t(f"{kind}.as_{way}"),
                required=True,
                label_visibility="collapsed",
            )

        address.follow("as", chosen, way if way != usual else None)
        return self.show(exhibit_named(ways[way], self.view), choose=choose if len(ways) > 1 else None, place=names[0])

    @property
    def fact(self) -> str | None:
        """The quoted fact the reader asked for, if there is one; the URL holds it."""
        asked = address.read("fact")
        if asked and asked not in fact_ids(self.view):
            address.write("fact", None)
            address.say_instead(self.t, {"fact": (asked, self.t("address.the_article"))})
            return None
        return asked or None

    def tabs(self, *names: str) -> list:
        """Tabs in the page's own words, one for each name; of one that is left out, a place where nothing is drawn.

        Which of them is open is part of the URL: a link and a reload show the same one.
        """
        t = self.t
        labels = {name: t(f"{self.name}.tab_{name}") for name in names if has_tab(self.view, self.name, name)}
        drawn = tabs(t, "tab", labels, f"{self.name}_tab_{t.code}")
        return [drawn[name] if name in drawn else st.container() for name in names]

    def columns(self, *widths: float, is_stacked: bool = False) -> list:
        """Columns of the given relative widths, to show exhibits side by side; stacked, one below the other."""
        return [st.container() for _ in widths] if is_stacked else st.columns(list(widths), gap="medium")

    def choose(self, key: str, options: list[str], code_list: str) -> str | None:
        """A control of the page's own: one code of a list, or all (None). It is part of the URL."""
        t, widget = self.t, f"{self.name}_{key}"
        address.lead(t, key, widget, options, AUTO, t("source.all"))
        chosen = st.selectbox(
            t(f"{self.name}.choose_{key}"),
            [AUTO, *options],
            key=widget,
            format_func=lambda code: t.label(code_list, code) if code else t("source.all"),
        )
        address.follow(key, widget, chosen)
        return chosen or None

    def choose_one(self, key: str, options: list[str]) -> str:
        """A control of the page's own with few choices, the usual one first (''). It is part of the URL."""
        t, widget = self.t, f"{self.name}_{key}"
        address.lead(t, key, widget, options, options[0], t(f"{self.name}.{key}_usual"))
        chosen = st.segmented_control(
            t(f"{self.name}.choose_{key}"),
            options,
            key=widget,
            format_func=lambda one: t(f"{self.name}.{key}_{one or 'usual'}"),
            required=True,
        )
        address.follow(key, widget, chosen)
        return chosen

    def _draw(self, exhibit: Exhibit, height: int | None = None) -> str | None:
        if html.is_plotted(exhibit.shape):
            st.plotly_chart(
                html.plotted(exhibit.shape, theme(), **({"height": height} if height else {})),
                key=f"chart:{exhibit.name}",
                theme=None,
                alt=exhibit.title,
                config={"displayModeBar": False, "displaylogo": False, "scrollZoom": False},
            )
            return None
        t = self.t
        does = {kind: t(f"marks.{kind}") for kind in _DOES}
        drawn = html.drawn(exhibit.shape, theme(), t.code, exhibit.title, self.view.circumstances.as_of, does)
        key = f"surface:{exhibit.name}"
        return _SURFACE(data={"html": drawn}, key=key, on_pick_change=lambda: _picked(key)).pick

    def _follow(self, picked: str) -> str:
        """Go where a link leads; hand any other pick to the page."""
        kind, _, what = picked.partition(":")
        if kind == "page":
            target = urlsplit(what)
            st.switch_page(ROOT / "pages" / f"{target.path.strip('/')}.py", query_params=dict(parse_qsl(target.query)))
        return picked


def page(name: str) -> Page:
    """The page of that name, in the reader's view."""
    return Page(view_of_run(), name)


@act
def _picked(key: str) -> None:
    kind, _, what = (st.session_state[key].pick or "").partition(":")
    if kind == "district":
        choose_district(what)
    if kind == "fact":
        address.write("fact", what)
