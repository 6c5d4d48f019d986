"use strict";
(() => {
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const articles = all("article");

  // Language and theme.
  const show = code => {
    for (const article of articles) article.hidden = article.id !== code;
    const shown = document.getElementById(code);
    root.lang = shown.lang;
    document.title = shown.querySelector("h1").textContent;
    press("[data-show]", button => button.dataset.show === code);
    draw();
  };
  const dress = theme => {
    root.dataset.theme = theme;
    for (const drawing of all(".tz")) drawing.className = `tz tz-${theme}`;
    press("[data-dress]", button => button.dataset.dress === theme);
    draw();
  };
  const press = (selector, isChosen) => {
    for (const button of all(selector)) button.setAttribute("aria-pressed", isChosen(button));
  };
  const reveal = name => {
    const target = name && document.getElementById(name);
    if (!target) return;
    const article = target.closest("article");
    if (article && article.hidden) show(article.id);
    for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    target.scrollIntoView();
  };

  // Charts. The library is unpacked once; until then, and where it cannot be, a still picture stands in its place.
  const library = async () => {
    const packed = atob(document.getElementById("plotly").textContent);
    const bytes = Uint8Array.from(packed, letter => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.textContent = await new Response(stream).text();
    document.head.append(script);
  };
  const draw = () => {
    if (!window.Plotly) return;
    for (const chart of all("article:not([hidden]) .chart")) {
      const figure = JSON.parse(document.getElementById(chart.dataset.figure).textContent)[root.dataset.theme];
      const live = chart.querySelector(".live");
      chart.classList.add("drawn");
      live.setAttribute("role", "img");
      live.setAttribute("aria-label", chart.dataset.label);
      window.Plotly.react(live, figure.data, figure.layout, { displayModeBar: false, responsive: true });
    }
  };

  // What stands in the file once is copied to where it is opened again.
  for (const fold of all("details[data-again]")) {
    fold.addEventListener("toggle", () => {
      const link = fold.querySelector(":scope > a");
      if (!fold.open || !link) return;
      const copy = document.getElementById(fold.dataset.again).cloneNode(true);
      copy.removeAttribute("id");
      link.replaceWith(copy);
    });
  }

  // Notes: what a mark says on hover it also says on a touch, and to the arrow keys.
  const note = document.createElement("div");
  note.id = "note";
  note.setAttribute("role", "status");
  note.hidden = true;
  document.body.append(note);
  const hide = () => { note.hidden = true; };
  const tell = mark => {
    note.textContent = mark.dataset.note;
    note.hidden = false;
    const place = mark.getBoundingClientRect();
    const left = Math.min(Math.max(8, place.left), Math.max(8, root.clientWidth - note.offsetWidth - 8));
    const below = place.bottom + 6 + note.offsetHeight < root.clientHeight;
    note.style.left = `${left}px`;
    note.style.top = `${below ? place.bottom + 6 : Math.max(8, place.top - note.offsetHeight - 6)}px`;
  };
  for (const drawing of all(".tz")) {
    const marks = all("[title]", drawing);
    for (const mark of marks) {
      mark.dataset.note = mark.title;
      mark.setAttribute("aria-label", mark.title);
      mark.removeAttribute("title");
      mark.tabIndex = -1;
    }
    if (!marks.length) continue;
    marks[0].tabIndex = 0;
    for (const picture of all("[role=img]", drawing)) picture.setAttribute("role", "group");
    drawing.addEventListener("keydown", event => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const here = marks.indexOf(document.activeElement);
      if (!step || here < 0) return;
      event.preventDefault();
      const next = marks[Math.min(Math.max(here + step, 0), marks.length - 1)];
      marks[here].tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    });
  }
  for (const kind of ["pointerover", "focusin", "click"]) {
    document.addEventListener(kind, event => {
      const mark = event.target.closest("[data-note]");
      if (mark) tell(mark); else hide();
    });
  }
  document.addEventListener("scroll", hide, { passive: true });

  // A district of a map, picked by its name, stands out from the others.
  const pick = chip => {
    const isChosen = chip.getAttribute("aria-pressed") !== "true";
    const drawing = chip.closest(".tz");
    for (const other of all(".tz-chip", drawing)) other.setAttribute("aria-pressed", isChosen && other === chip);
    for (const spot of all(".tz-spot", drawing)) {
      spot.classList.toggle("tz-other", isChosen && spot.dataset.pick !== chip.dataset.pick);
    }
  };
  document.addEventListener("click", event => {
    const chip = event.target.closest(".tz-chip");
    const button = event.target.closest("button");
    if (chip) pick(chip);
    if (button && button.dataset.show) {
      show(button.dataset.show);
      document.querySelector("article:not([hidden]) [data-show][aria-pressed=true]").focus();
    }
    if (button && button.dataset.dress) dress(button.dataset.dress);
  });
  document.addEventListener("keydown", event => {
    const chip = event.target.closest(".tz-chip");
    if (event.key === "Escape") hide();
    if (chip && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); pick(chip); }
  });

  // Paper is white.
  let before = "";
  addEventListener("beforeprint", () => { before = root.dataset.theme; dress("light"); });
  addEventListener("afterprint", () => dress(before));
  addEventListener("hashchange", () => reveal(location.hash.slice(1)));

  all(".controls").forEach(controls => { controls.hidden = false; });
  show(articles[0].id);
  dress(root.dataset.theme);
  reveal(location.hash.slice(1));
  if (document.getElementById("plotly")) library().then(draw, () => {});
})();
