// The stage: shows slides that are all here already, and does everything by itself but three things it asks the
// server for: a detour, a commitment, the end. It lies in the browser's top layer, above all that the page may show.

const IDLE = 3000;       // ms until buttons and pointer hide
const NUMBER_WAITS = 4000; // ms a typed slide number is remembered
const ANSWER_WITHIN = 8000; // ms until a commitment counts as not saved

const KEYS = {
  next: ['ArrowRight', 'ArrowDown', 'PageDown', ' ', 'Enter'],
  previous: ['ArrowLeft', 'ArrowUp', 'PageUp', 'Backspace'],
  first: ['Home'], last: ['End'], full: ['f', 'F5'], blank: ['b', '.', '。'], help: ['?', '？'], list: ['g'],
  detour: ['d'], promise: ['c'], language: ['l'], presenter: ['w'], escape: ['Escape'],
};
const ACTION = Object.fromEntries(Object.entries(KEYS).flatMap(([action, keys]) => keys.map(key => [key, action])));
const IN_PRESENTER_WINDOW = ['next', 'previous', 'first', 'last', 'blank', 'list', 'language', 'help', 'escape'];
const BAR = ['previous', 'next', 'list', 'detour', 'promise', 'blank', 'language', 'presenter', 'full', 'help', 'leave'];
const LABEL = { help: 'keys', language: 'other_language' };
const HELP = ['next', 'previous', 'first', 'number', 'list', 'blank', 'full', 'detour', 'promise', 'language', 'presenter', 'leave', 'mouse'];

/** An element: `make('button', {class: 'x', onclick: f}, 'text', child)`. Text never becomes markup. */
function make(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
}

const FEW = 5, MANY = 10;  // of what was agreed on, in a line each
const DAY = /\d{4}-\d{2}-\d{2}|\d{1,2}月\d{1,2}日/g;
const HAN = '\\p{Script=Han}';
const COUNTED = /(\d) (?=\p{L})|(\p{L}) (?=\d)/gu;  // 9 天, 22 Nov, 销号 1
const NAME = /(?<=^|, )\p{Lu}[^,\s]*(?: \p{Lu}[^,\s]*){1,2}(?=,|$)/gu;  // in a list of names
const LIST = /([^、，；\s]{1,8})(?=、)|(?<=、)([^、，；。（）\s]{1,8})/gu;  // names between these marks
const WORDS = new Intl.Segmenter('zh', { granularity: 'word' });

/** Chinese is broken between words alone: the style sheet keeps all together, and here is where it may break. */
function keepWords(room) {
  const walk = document.createTreeWalker(room, NodeFilter.SHOW_TEXT), texts = [];
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const isSet = node.parentElement.closest('svg,style,.tzs-foot,.tzs-note');
    if (!isSet && node.data.length > 2) texts.push(node);
  }
  for (const node of texts) {
    const text = node.data.replace(COUNTED, '$1$2\u00a0').replace(NAME, name => name.replaceAll(' ', '\u00a0'));
    node.replaceWith(...parted(text));
  }
}

/** A text as nodes: a <wbr> before each word, but not within a name or a day. */
function parted(text) {
  const whole = [...text.matchAll(DAY), ...text.matchAll(LIST)].map(found => [found.index, found.index + found[0].length]);
  const days = [...text.matchAll(DAY)].map(found => [found.index, found.index + found[0].length]);
  // What the browser's dictionary does not know comes letter by letter: such letters stay together.
  const words = [...WORDS.segment(text)], isLetter = word => word && word.segment.length === 1 && word.isWordLike;
  const breaks = words.filter((word, place) => !(isLetter(word) && isLetter(words[place - 1]))).map(word => word.index).filter(at =>
    at && new RegExp(`^${HAN}`, 'u').test(text.slice(at)) && new RegExp(`${HAN}$`, 'u').test(text.slice(0, at)) &&
    !whole.some(([from, to]) => from < at && at < to));
  const nodes = [];
  let done = 0;
  const until = end => { if (end > done) nodes.push(text.slice(done, end)); done = Math.max(done, end); };
  for (const [from, to] of [...breaks.map(at => [at, at]), ...days].sort((one, other) => one[0] - other[0])) {
    if (from < done) continue;
    until(from);
    if (from === to) nodes.push(make('wbr'));
    else { nodes.push(make('span', { class: 'tzs-keep' }, text.slice(from, to))); done = to; }
  }
  until(text.length);
  return nodes;
}

class Stage {
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.memory = `taizhang stage ${data.key}`;
    const kept = JSON.parse(sessionStorage.getItem(this.memory) || '{}');
    this.lang = data.words[kept.lang] ? kept.lang : data.lang;
    this.at = kept.at || 0;
    this.since = kept.since || Date.now();
    this.isBlank = false;
    this.typed = '';
    this.stopped = new AbortController();
    this.channel = new BroadcastChannel(this.memory);
    this.channel.onmessage = message => this.hear(message.data);
    root.tabIndex = -1;
    root.setAttribute('aria-label', data.title);
    root.addEventListener('cancel', event => event.target === root && event.preventDefault());
    const on = { signal: this.stopped.signal, capture: true };
    window.addEventListener('keydown', event => this.pressed(event), on);
    window.addEventListener('pointermove', () => this.wake(), on);
    document.addEventListener('fullscreenchange', () => root.focus(), on);
    root.addEventListener('click', event => this.clicked(event));
  }

  /** New data of the server: slides are laid out again only when they changed. */
  take(data, send) {
    this.send = send;
    const isNew = this.drawn !== data.html;
    this.data = data;
    if (isNew) {
      this.drawn = data.html;
      this.build();
    }
    if (!this.root.open) {
      this.root.showModal();
      this.root.focus();
      navigator.wakeLock?.request('screen').catch(() => {});
    }
    if (isNew) {
      this.show();
      this.wake();
      this.channel.postMessage({ hello: true });
    }
    this.answered();
  }

  /** The stage is taken away: by the end of the presentation, or by a detour. */
  close() {
    this.stopped.abort();
    this.channel.close();
    clearInterval(this.ticking);
    if (this.root.open) this.root.close();
  }

  word(name, blanks = {}) {
    return this.data.words[this.lang][name].replace(/\{(\w+)\}/g, (_, blank) => blanks[blank] ?? '');
  }

  // --- what is in the room ---

  build() {
    this.room = make('div', { class: 'tzs-box tzs-room' });
    this.room.innerHTML = this.data.html;
    keepWords(this.room);
    this.decks = [...this.room.querySelectorAll('.tzs-deck')];
    this.said = make('p', { class: 'tzs-said-aloud', role: 'status' });
    this.hint = make('p', { class: 'tzs-hint', hidden: true });
    this.black = make('div', { class: 'tzs-black', hidden: true });
    this.desk = this.data.presenter ? make('div', { class: 'tzs-desk' }) : null;
    this.chrome = make('div');
    this.root.classList.toggle('tzs-presenter', this.data.presenter);
    this.root.replaceChildren(this.room, this.said, ...(this.desk ? [this.desk] : [this.black, this.hint]), this.chrome);
    this.furnish();
  }

  /** Everything with words of the current language, but the slides. */
  furnish() {
    const panels = { help: this.help(), list: this.list() };
    if (this.data.form && !this.data.presenter) panels.promise = this.form();
    this.panels = panels;
    const bar = this.data.presenter ? [] : [this.bar()];
    this.chrome.replaceChildren(...bar, ...Object.values(panels));
    if (this.desk) this.layDesk();
  }

  get can() {
    const all = this.data.presenter ? IN_PRESENTER_WINDOW : [...Object.keys(KEYS), 'leave'];
    return all.filter(one => (one !== 'language' || this.decks.length > 1) && (one !== 'promise' || this.data.form));
  }

  bar() {
    const buttons = BAR.filter(one => this.can.includes(one)).map(one =>
      make('button', { type: 'button', 'data-do': one, onclick: event => this.chosen(event, one) }, this.word(LABEL[one] || one)));
    return make('nav', { class: 'tzs-bar', 'aria-label': this.word('stage') }, ...buttons);
  }

  /** A click with the mouse leaves no focus on the button: the next Space is the clicker's. */
  chosen(event, action) {
    if (event.detail) event.currentTarget.blur();
    this.do(action);
  }

  panel(name, title, ...content) {
    const close = make('button', { type: 'button', class: 'tzs-close', onclick: () => panel.close() }, this.word('close'));
    const heading = make('h2', { id: `tzs-${name}` }, title);
    const panel = make('dialog', { class: `tzs-panel tzs-panel-${name}`, 'aria-labelledby': `tzs-${name}` }, make('header', {}, heading, close), ...content);
    panel.addEventListener('close', () => this.root.focus());
    panel.addEventListener('click', event => event.target === panel && panel.close());
    return panel;
  }

  help() {
    const kinds = HELP.filter(one => this.can.includes(one) || ['number', 'mouse'].includes(one));
    const rows = kinds.map(one =>
      make('tr', {}, make('th', { scope: 'row' }, this.word(`key_${one}_keys`)), make('td', {}, this.word(one === 'blank' ? 'blank' : `key_${one}`))));
    return this.panel('help', this.word('keys'), make('table', {}, make('tbody', {}, ...rows)));
  }

  list() {
    this.items = make('ol', {});
    this.listSlides();
    return this.panel('list', this.word('list_title'), this.items);
  }

  listSlides() {
    this.items.replaceChildren(...this.slides.map((slide, place) =>
      make('li', {}, make('button', { type: 'button', onclick: () => { this.panels.list.close(); this.go(place); } },
        make('b', {}, `${place + 1}`), slide.dataset.title))));
  }

  // --- slides ---

  get deck() { return this.decks.find(deck => deck.dataset.lang === this.lang) || this.decks[0]; }
  get slides() { return this.slidesOf(this.deck); }

  /** The last slide is of what was agreed on, and there once something was. */
  slidesOf(deck) {
    const slides = [...deck.children];
    return this.data.closing[deck.dataset.lang].said.length ? slides : slides.filter(one => !one.matches('.tzs-closing'));
  }

  go(place, isHeard = false) {
    this.at = place;
    this.show();
    if (!isHeard) this.tell();
  }

  /** The slide of the current place: a change of class, since all of them are laid out already. */
  show() {
    const slides = this.slides;
    this.at = Math.min(Math.max(this.at, 0), slides.length - 1);
    this.decks.forEach(deck => { deck.hidden = deck !== this.deck; });
    this.room.querySelectorAll('.tzs-on').forEach(slide => slide.classList.remove('tzs-on'));
    slides[this.at].classList.add('tzs-on');
    this.black.hidden = !this.isBlank;
    this.said.textContent = `${this.word('page', { number: this.at + 1, count: slides.length })} ${slides[this.at].dataset.title}`;
    if (this.desk) this.setDesk();
    this.keep();
  }

  keep() {
    sessionStorage.setItem(this.memory, JSON.stringify({ at: this.at, lang: this.lang, since: this.since }));
  }

  /** The same slide in the other language, whose lists may have other numbers of pages. */
  speak(lang) {
    const name = this.slides[this.at].dataset.name, alike = slides => slides.filter(slide => slide.dataset.name === name);
    const nth = alike(this.slides).indexOf(this.slides[this.at]);
    this.lang = lang;
    const twins = alike(this.slides);
    if (twins.length) this.at = this.slides.indexOf(twins[Math.min(nth, twins.length - 1)]);
    this.furnish();
  }

  // --- keys, clicker, mouse ---

  pressed(event) {
    if (!this.root.open) return;
    event.stopImmediatePropagation();  // no shortcut of the page behind
    const isWriting = event.isComposing || event.keyCode === 229 || event.target.closest?.('input,textarea,select');
    if (isWriting || this.root.querySelector('dialog[open]') || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.('button') && (event.key === 'Enter' || event.key === ' ')) return;
    if (/^\d$/.test(event.key)) {
      this.type(event.key);
    } else if (event.key === 'Enter' && this.typed) {
      const number = Number(this.typed);
      this.type('');
      if (number >= 1) this.go(number - 1);
    } else {
      const action = ACTION[event.key] || ACTION[event.key.toLowerCase()];
      if (!action) return;
      this.type('');
      if (action !== 'escape') this.isLeaving = false;
      this.do(action);
    }
    event.preventDefault();
  }

  /** A digit of the number of a slide; '' forgets what was typed. */
  type(digit) {
    clearTimeout(this.forgetting);
    this.typed = digit ? (this.typed + digit).slice(-4) : '';
    this.hinted(this.typed && this.word('go_to', { number: this.typed }));
    if (digit) this.forgetting = setTimeout(() => this.type(''), NUMBER_WAITS);
  }

  hinted(text) {
    this.hint.hidden = !text;
    this.hint.textContent = text;
  }

  clicked(event) {
    if (this.data.presenter || event.target.closest('button,a,dialog.tzs-panel') || !getSelection().isCollapsed) return;
    this.do(event.clientX < innerWidth / 2 ? 'previous' : 'next');
  }

  wake() {
    clearTimeout(this.sleeping);
    this.root.classList.add('tzs-awake');
    this.sleeping = setTimeout(() => this.root.classList.remove('tzs-awake'), IDLE);
  }

  do(action) {
    if (!this.can.includes(action)) return;
    if (this.isBlank && ['next', 'previous'].includes(action)) action = 'blank';  // whatever is pressed brings it back
    switch (action) {
      case 'next': return this.at + 1 < this.slides.length && this.go(this.at + 1);
      case 'previous': return this.at > 0 && this.go(this.at - 1);
      case 'first': return this.go(0);
      case 'last': return this.go(this.slides.length - 1);
      case 'blank': this.isBlank = !this.isBlank; this.show(); return this.tell();
      case 'language': {
        const langs = this.decks.map(deck => deck.dataset.lang);
        this.speak(langs[(langs.indexOf(this.lang) + 1) % langs.length]);
        this.show();
        return this.tell();
      }
      case 'full': return this.full();
      case 'presenter': return this.openDesk();
      case 'detour': return this.send('act', { do: 'detour', slide: this.at + 1, lang: this.lang });
      case 'escape': return this.escape();
      case 'leave': return this.leave();
      default: return this.open(action);
    }
  }

  open(name) {
    this.panels[name].showModal();
    const here = name === 'list' && this.panels.list.querySelectorAll('li button')[this.at];
    const first = name === 'promise' && this.panels.promise.querySelector('[name=content]');
    (here || first || this.panels[name].querySelector('.tzs-close')).focus();
  }

  /** On the whole document, so that it outlasts a detour. */
  full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => {});
  }

  /** Out of full screen first; then it takes two to end, since a clicker has this key too. */
  escape() {
    if (this.data.presenter) return window.close();
    if (document.fullscreenElement) return document.exitFullscreen();
    if (!this.isLeaving) {
      this.isLeaving = true;
      this.hinted(this.word('leave_hint'));
      this.forgetting = setTimeout(() => { this.isLeaving = false; this.hinted(''); }, NUMBER_WAITS);
      return;
    }
    this.leave();
  }

  leave() {
    if (document.fullscreenElement) document.exitFullscreen();
    sessionStorage.removeItem(this.memory);
    this.root.close();
    this.send('act', { do: 'leave', lang: this.lang });
  }

  // --- two windows in step ---

  tell() {
    this.channel.postMessage({ at: this.at, lang: this.lang, isBlank: this.isBlank, since: this.since, shape: innerWidth / innerHeight, isRoom: !this.data.presenter });
  }

  hear(said) {
    if (said.hello) return this.tell();
    this.since = said.since;
    if (said.isRoom && this.desk) {
      this.root.style.setProperty('--tzs-shape', Math.max(said.shape, 1.25).toFixed(4));
    }
    if (this.data.words[said.lang] && said.lang !== this.lang) {
      this.lang = said.lang;
      this.furnish();
    }
    this.isBlank = said.isBlank;
    this.go(said.at, true);
  }

  // --- the presenter's window ---

  openDesk() {
    const there = new URL(location.href);
    there.searchParams.set('presenter', '1');
    window.open(there, this.memory, 'popup,width=1280,height=800');
  }

  layDesk() {
    const part = (name, title, ...content) => make('section', { class: `tzs-desk-${name}` }, make('h2', {}, title), ...content);
    const box = () => make('div', { class: 'tzs-box' });
    this.now = box();
    this.then = box();
    this.notes = make('p', { class: 'tzs-notes' });
    this.place = make('h2', {});
    this.clock = make('b', {});
    this.spent = make('b', {});
    const button = (action, word) => make('button', { type: 'button', onclick: event => this.chosen(event, action) }, this.word(word));
    const again = make('button', { type: 'button', onclick: event => { event.currentTarget.blur(); this.since = Date.now(); this.keep(); this.tell(); this.tick(); } }, this.word('restart'));
    this.desk.replaceChildren(
      make('section', { class: 'tzs-desk-now' }, this.place, this.now),
      part('then', this.word('up_next'), this.then),
      part('notes', this.word('notes'), this.notes),
      make('footer', { class: 'tzs-desk-foot' },
        button('previous', 'previous'), button('next', 'next'), button('list', 'list'), button('blank', 'blank'),
        ...(this.decks.length > 1 ? [button('language', 'other_language')] : []), button('help', 'keys'), this.hint,
        make('span', { class: 'tzs-desk-time' }, `${this.word('clock')} `, this.clock), make('span', {}, `${this.word('elapsed')} `, this.spent), again));
    clearInterval(this.ticking);
    this.ticking = setInterval(() => this.tick(), 1000);
    this.tick();
  }

  setDesk() {
    const slides = this.slides, here = slides[this.at], next = slides[this.at + 1];
    this.place.textContent = this.isBlank ? this.word('is_blank') : this.word('page', { number: this.at + 1, count: slides.length });
    this.now.replaceChildren(here.cloneNode(true));
    this.then.replaceChildren(next ? next.cloneNode(true) : make('p', { class: 'tzs-last' }, this.word('last')));
    this.notes.textContent = here.querySelector('.tzs-note').textContent || this.word('no_notes');
    this.now.classList.toggle('tzs-dim', this.isBlank);
  }

  tick() {
    const two = number => String(number).padStart(2, '0'), now = new Date();
    const seconds = Math.max(0, Math.floor((now - this.since) / 1000));
    this.clock.textContent = `${two(now.getHours())}:${two(now.getMinutes())}`;
    this.spent.textContent = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  }

  // --- commitments ---

  form() {
    const form = this.data.form, draft = JSON.parse(sessionStorage.getItem(`${this.memory} draft`) || '{}');
    const field = (name, label, element) => make('label', { class: `tzs-field-${name}` }, make('span', {}, label), element);
    const units = make('datalist', { id: 'tzs-units' }, ...form.units.map(unit => make('option', { value: unit })));
    const kpis = form.kpis.map(kpi => make('option', { value: kpi.code, 'data-share': kpi.isShare }, kpi[this.lang]));
    const fields = {
      content: make('input', { name: 'content', autocomplete: 'off' }),
      unit: make('input', { name: 'unit', list: 'tzs-units', autocomplete: 'off' }),
      due: make('input', { name: 'due', inputmode: 'numeric', placeholder: '2019-12-31', autocomplete: 'off' }),
      kpi: make('select', { name: 'kpi' }, make('option', { value: '' }, this.word('no_kpi')), ...kpis),
      target: make('input', { name: 'target', inputmode: 'decimal', autocomplete: 'off' }),
    };
    const target = field('target', this.word('target'), fields.target);
    const measured = () => {
      const isShare = fields.kpi.selectedOptions[0]?.dataset.share !== undefined;
      target.firstChild.textContent = this.word(isShare ? 'target_share' : 'target');
    };
    for (const [name, element] of Object.entries(fields)) element.value = draft[name] || '';
    measured();
    const written = () => Object.fromEntries(Object.entries(fields).map(([name, element]) => [name, element.value]));
    const remember = () => sessionStorage.setItem(`${this.memory} draft`, JSON.stringify(written()));
    this.fields = fields;
    this.answer = make('p', { class: 'tzs-answer', role: 'status' });
    this.logged = make('ol', { class: 'tzs-logged' });
    const submit = event => {
      event.preventDefault();
      this.asked = `${Date.now()}`;
      this.answer.textContent = this.word('saving');
      this.send('act', { do: 'promise', id: this.asked, lang: this.lang, ...written() });
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => { this.answer.textContent = this.word('not_saved'); }, ANSWER_WITHIN);
    };
    const sheet = make('form', { onsubmit: submit, oninput: () => { measured(); remember(); }, novalidate: true },
      field('content', this.word('content'), fields.content), field('unit', this.word('unit'), fields.unit), units,
      field('due', this.word('due'), fields.due), field('kpi', this.word('kpi'), fields.kpi), target,
      make('button', { type: 'submit' }, this.word('log')));
    const panel = this.panel('promise', this.word('promise'), sheet, this.answer, make('h3', {}, this.word('logged')), this.logged);
    this.listLogged();
    return panel;
  }

  /** On the slide of what is to be decided stands what was agreed on so far, the newest last. */
  listAgreed() {
    for (const deck of this.decks) {
      const said = this.data.logged[deck.dataset.lang].map(text => make('li', {}, text)).slice(-3);
      deck.querySelectorAll('.tzs-agreed').forEach(list => list.replaceChildren(...said.map(one => one.cloneNode(true))));
      this.end(deck, this.data.closing[deck.dataset.lang]);
    }
    this.listSlides();
  }

  /** The last slide, and the numbers of all, of which it is one. */
  end(deck, { title, said }) {
    const slide = deck.querySelector('.tzs-closing'), list = slide.querySelector('ol'), room = said.length > MANY ? 2 * MANY : MANY;
    slide.querySelector('h2').textContent = slide.dataset.title = slide.ariaLabel = title;
    const shown = said.length > room ? said.slice(-room) : said, first = said.length - shown.length;  // the newest, where there are too many
    list.classList.toggle('tzs-many', said.length > FEW);
    list.classList.toggle('tzs-twofold', said.length > MANY);
    list.replaceChildren(...shown.map(([what, below], place) =>
      make('li', {}, make('b', { class: 'tzs-nth' }, `${first + place + 1}`), make('span', {}, what), make('strong', {}, below))));
    keepWords(list);
    const slides = this.slidesOf(deck);
    slides.forEach((one, place) => { one.querySelector('.tzs-foot b').textContent = `${place + 1}/${slides.length}`; });
  }

  listLogged() {
    const said = this.data.logged[this.lang].map(text => make('li', {}, text));
    this.logged.replaceChildren(...(said.length ? said : [make('p', {}, this.word('nothing_logged'))]));
  }

  /** What the server says to a commitment; the form is emptied only once it is on disk. */
  answered() {
    this.listAgreed();
    if (!this.fields) return;
    this.listLogged();
    const said = this.data.answer;
    if (!said || said.id !== this.asked || said.id === this.heard) return;
    this.heard = said.id;
    clearTimeout(this.waiting);
    this.answer.textContent = said.error || this.word('saved');
    if (said.error) return;
    for (const element of Object.values(this.fields)) element.value = '';
    sessionStorage.removeItem(`${this.memory} draft`);
    this.fields.content.focus();
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector('dialog.tzs');
  root.stage = root.stage || new Stage(root, data);
  root.stage.take(data, setTriggerValue);
  return () => { root.stage.close(); delete root.stage; };
}
