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

  taizhangMarks();

  // A district of a map, picked by its name, stands out from the others.
  const pick = chip => {
    const isChosen = chip.getAttribute("aria-pressed") !== "true";
    const drawing = chip.closest(".tz");
    for (const other of all(".tz-chip", drawing)) other.setAttribute("aria-pressed", isChosen && other === chip);
    for (const spot of all(".tz-spot", drawing)) {
      spot.classList.toggle("tz-other", isChosen && spot.dataset.group !== chip.dataset.pick);
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
