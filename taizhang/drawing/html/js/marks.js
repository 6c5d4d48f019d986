// Every mark answers: what it is, how much, of which day, and what a click does, on one card. The pointer asks by
// standing on it, the keyboard by reaching it: a drawing is one stop, its marks are reached by the arrow keys.
const taizhangMarks = (() => {
  const GAP = 8, MARKS = "[data-mark]";
  const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  let card = null, told = null;

  const hide = () => { if (card) card.hidden = true; told = null; };

  const said = mark => {
    const drawing = mark.closest(".tz"), kind = (mark.dataset.pick || "").split(":")[0];
    const off = mark.getAttribute("aria-pressed") === "true" ? "-off" : "";
    const does = kind && drawing.getAttribute(`data-does-${kind}${off}`);
    return { lines: mark.getAttribute("aria-label").split("\n"), day: drawing.dataset.day, does };
  };

  const tell = mark => {
    if (told === mark) return;
    told = mark;
    const { lines, day, does } = said(mark), line = (name, text, kind) => {
      if (!text) return;
      const made = card.appendChild(document.createElement(name));
      made.textContent = text;
      made.className = kind || "";
    };
    if (!card || !card.isConnected) {
      card = document.body.appendChild(document.createElement("div"));
      card.setAttribute("aria-hidden", "true"); // its words are the mark's own name
    }
    card.className = `tz-told ${[...mark.closest(".tz").classList].find(one => one.startsWith("tz-")) || ""}`;
    card.replaceChildren();
    lines.forEach((text, place) => line(place ? "span" : "b", text));
    line("span", day, "tz-told-day");
    line("span", does, "tz-told-does");
    if (does) mark.setAttribute("aria-description", does);
    card.hidden = false;
    place(mark);
  };

  // Above what it speaks of, else below it: never on it.
  const place = mark => {
    const at = (mark.querySelector("[data-anchor]") || mark).getBoundingClientRect(), root = document.documentElement;
    if (!mark.isConnected || at.bottom < 0 || at.top > root.clientHeight) { hide(); return; }
    const middle = Math.min(Math.max((at.left + at.right) / 2, 0), root.clientWidth);
    const left = Math.min(middle - card.offsetWidth / 2, root.clientWidth - card.offsetWidth - GAP);
    const above = at.top - card.offsetHeight - GAP;
    card.style.left = `${Math.max(GAP, left)}px`;
    card.style.top = `${above >= GAP ? above : at.bottom + GAP}px`;
  };

  // The nearest mark that way; what lies beside it counts four times, so that a row stays a row.
  const next = (from, [right, down]) => {
    const at = from.getBoundingClientRect();
    let found = null, least = Infinity;
    for (const one of from.closest(".tz").querySelectorAll(MARKS)) {
      const to = one.getBoundingClientRect();
      if (one === from || !to.width) continue;
      const x = (to.left + to.right - at.left - at.right) / 2, y = (to.top + to.bottom - at.top - at.bottom) / 2;
      const ahead = right * x + down * y;
      const beside = right
        ? Math.max(0, to.top - at.bottom, at.top - to.bottom)
        : Math.max(0, to.left - at.right, at.left - to.right);
      if (ahead > 1 && ahead + 4 * beside < least) { least = ahead + 4 * beside; found = one; }
    }
    return found;
  };

  const walk = event => {
    if (event.key === "Escape" && told) { hide(); event.stopPropagation(); return; }
    const here = event.target.closest && event.target.closest(MARKS);
    if (!here || event.ctrlKey || event.metaKey || event.altKey) return;
    const marks = [...here.closest(".tz").querySelectorAll(MARKS)].filter(one => one.getClientRects().length);
    const to = WAYS[event.key] ? next(here, WAYS[event.key])
      : event.key === "Home" ? marks[0] : event.key === "End" ? marks[marks.length - 1] : null;
    if (!to) return;
    event.preventDefault();
    to.focus();
  };

  const reached = event => {
    const mark = event.target.closest(MARKS);
    if (!mark) return hide();
    for (const one of mark.closest(".tz").querySelectorAll(MARKS)) one.tabIndex = one === mark ? 0 : -1;
    if (mark.matches(":focus-visible")) tell(mark);
  };

  // Over the plot of a chart of the library lies one mark a day, as high as the plot: it answers like every other mark.
  const cover = chart => {
    const { layout, _fullLayout: full } = chart, meta = layout && layout.meta;
    if (!meta || !meta.marks || !full || !full.xaxis || !full._size) return;
    let over = chart.querySelector("[data-over]");
    const held = over ? [...over.children].indexOf(document.activeElement) : -1;
    if (!over) {
      over = document.createElement("div");
      over.dataset.over = "";
      chart.style.position = "relative";
      chart.append(over);
    }
    const { l: left, t: top, w: wide, h: high } = full._size;
    const at = meta.marks.map(([day]) => full.xaxis.d2p(day));
    over.className = `tz tz-${meta.theme}`;
    Object.assign(over.style, { left: `${left}px`, top: `${top}px`, width: `${wide}px`, height: `${high}px` });
    over.replaceChildren(...meta.marks.map((lines, place) => {
      const from = place ? (at[place - 1] + at[place]) / 2 : 0;
      const to = place < at.length - 1 ? (at[place] + at[place + 1]) / 2 : wide;
      const strip = document.createElement("span");
      strip.className = "tz-strip";
      strip.setAttribute("data-mark", "");
      strip.setAttribute("role", "img");
      strip.setAttribute("aria-label", lines.join("\n"));
      strip.tabIndex = place ? -1 : 0;
      strip.style.cssText = `left:${from}px;width:${Math.max(1, to - from)}px;--tz-at:${at[place] - from}px`;
      return strip;
    }));
    if (held >= 0 && over.children[held]) over.children[held].focus({ preventScroll: true });
  };
  const findCharts = () => {
    for (const chart of document.querySelectorAll(".js-plotly-plot")) {
      if (chart.tzCovered || !chart.on) continue;
      chart.tzCovered = true;
      chart.on("plotly_afterplot", () => cover(chart));
      cover(chart);
    }
  };

  return () => {
    if (document.tzMarks) return;
    document.tzMarks = true;
    let isAsked = false;
    new MutationObserver(() => {
      if (isAsked) return;
      isAsked = true;
      requestAnimationFrame(() => { isAsked = false; findCharts(); });
    }).observe(document.body, { childList: true, subtree: true });
    findCharts();
    document.addEventListener("pointerover", event => {
      const mark = event.target.closest(MARKS);
      if (mark) tell(mark); else hide();
    });
    document.addEventListener("pointerdown", event => { if (!event.target.closest(MARKS)) hide(); });
    document.addEventListener("focusin", reached);
    document.addEventListener("focusout", hide);
    document.addEventListener("keydown", walk, true);
    document.addEventListener("scroll", () => { if (told) place(told); }, { passive: true, capture: true });
  };
})();
