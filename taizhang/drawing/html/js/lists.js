// Every table of a page made a list one can work with: sort by a heading, find a row, ten rows more at a time; columns
// that do not fit are folded into their row, and a box that still scrolls says so by a shadow. One watch over the whole
// page, so that tables in panels, tabs and dialogs are the same. What a reader chose stays while the page is drawn anew.
// Only the rows that are seen stand in the document, and all of them on paper: a list of thousands costs what ten cost.

const FIRST = 10, WITHOUT_MORE = 14, SEARCHED_FROM = 12, FOLDED_BELOW = 1400;
const kept = window.tzLists ??= { words: {}, chosen: new Map() };  // chosen: which table → {sort, down, wanted, shown}

const say = (key, blanks = {}) => (kept.words[key] || '').replace(/\{(\w+)\}/g, (_, name) => blanks[name]);

function make(tag, className, text, more = {}) {
  const one = document.createElement(tag);
  if (className) one.className = className;
  if (text !== undefined) one.textContent = text;
  for (const [name, value] of Object.entries(more)) one.setAttribute(name, value);
  return one;
}

function nameOf(table) {
  const place = table.closest('[class*="st-key-"]') || document.body;
  const key = [...place.classList].find(name => name.startsWith('st-key-')) || '';
  return `${key} ${[...place.querySelectorAll('.tz-table')].indexOf(table)} ${location.pathname}`;
}

const textOf = cell => cell ? (cell.dataset.sort ?? cell.textContent).trim() : '';

const folded = text => text.normalize('NFKC').toLowerCase();

function ordered(rows, place, isNumber, down) {
  const collator = new Intl.Collator(document.documentElement.lang || 'zh', { numeric: true });
  const number = text => (isNumber ? parseFloat(text.replace(/,/g, '')) : NaN);
  const keyed = rows.map(row => {
    const text = textOf(row.cells[place]);
    return { row, text, number: number(text), isNothing: text === '' || text === '—' };
  });
  keyed.sort((a, b) => {
    if (a.isNothing || b.isNothing) return a.isNothing - b.isNothing;
    const found = isNaN(a.number) || isNaN(b.number) ? collator.compare(a.text, b.text) : a.number - b.number;
    return down ? -found : found;
  });
  return keyed.map(one => one.row);
}

class List {
  constructor(table) {
    this.table = table;
    this.box = table.closest('.tz-scroll');
    this.list = table.closest('.tz-list');
    this.head = [...table.tHead.rows[0].cells];
    this.body = table.tBodies[0];
    this.rows = [...this.body.rows];
    this.seen = [];
    this.out = new Set();  // the columns that are folded away
    this.state = kept.chosen.get(nameOf(table)) || { sort: -1, down: false, wanted: '', shown: FIRST };
    kept.chosen.set(nameOf(table), this.state);
    if (this.rows.length > 2 && !this.rows.some(row => !textOf(row.cells[0]))) this.offerSorting();
    if (this.rows.length >= SEARCHED_FROM) this.offerFinding();
    if (this.rows.length > WITHOUT_MORE) this.offerMore();
    this.show();
    this.box.addEventListener('scroll', () => this.shade(), { passive: true });
    new ResizeObserver(() => this.fit()).observe(this.box);
    table.tzList = this;
  }

  offerSorting() {
    this.head.forEach((cell, place) => {
      const said = cell.textContent;
      if (!said.trim()) return;
      const button = make('button', 'tz-sort', said, { type: 'button', title: say('sort', { column: said }) });
      button.append(make('span', 'tz-sort-mark', '', { 'aria-hidden': 'true' }));
      button.onclick = () => {
        const { sort, down } = this.state;
        Object.assign(this.state, sort !== place ? { sort: place, down: false } : down ? { sort: -1 } : { down: true });
        this.show();
      };
      cell.replaceChildren(button);
    });
  }

  offerFinding() {
    const bar = this.list.querySelector(':scope > .tz-tools');
    if (!bar) return;
    this.field = make('input', 'tz-find', undefined,
      { type: 'search', placeholder: say('find'), 'aria-label': say('find'), autocomplete: 'off', spellcheck: 'false' });
    this.field.value = this.state.wanted;
    this.field.oninput = () => { this.state.wanted = this.field.value; this.show(); };
    this.field.onkeydown = event => event.stopPropagation();
    this.told = make('output', 'tz-found');
    bar.replaceChildren(this.field, this.told);
  }

  offerMore() {
    this.foot = this.list.querySelector(':scope > .tz-foot');
    this.more = make('button', 'tz-more', '', { type: 'button' });
    this.all = make('button', 'tz-more', '', { type: 'button' });
    this.more.onclick = () => { this.state.shown += FIRST; this.show(); };
    this.all.onclick = () => { this.state.shown = Infinity; this.show(); };
    this.foot.replaceChildren(this.more, this.all);
  }

  show() {
    const { sort, down, wanted, shown } = this.state;
    const isNumber = sort >= 0 && this.head[sort].classList.contains('tz-n');
    this.sorted = sort < 0 ? this.rows : ordered(this.rows, sort, isNumber, down);
    const words = folded(wanted.trim());
    const found = words ? this.sorted.filter(row => (row.tzText ??= folded(row.textContent)).includes(words)) : this.sorted;
    const seen = found.slice(0, this.foot ? shown : Infinity);
    this.put(seen);
    this.table.classList.add('tz-listed');
    this.list.classList.add('tz-live');
    this.head.forEach((cell, place) => {
      if (place === sort) cell.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      else cell.removeAttribute('aria-sort');
    });
    if (this.told) this.told.textContent =
      words ? say(found.length ? 'found' : 'found_none', { count: found.length, total: this.rows.length }) : '';
    if (this.foot) {
      const left = found.length - seen.length;
      this.foot.hidden = left <= 0;
      this.more.textContent = say('more', { count: Math.min(FIRST, left) });
      this.all.textContent = say('all', { count: found.length });
      this.all.hidden = left <= FIRST;
    }
  }

  // Have these rows stand in the table, and no others.
  put(rows) {
    this.seen = rows;
    const all = document.createDocumentFragment();
    for (const row of rows) {
      this.foldRow(row);
      all.append(row);
      if (row.tzDetail) all.append(row.tzDetail);
    }
    this.body.replaceChildren(all);
  }

  fit() {
    const width = this.box.clientWidth;
    if (!width || width === this.width) return this.shade();
    this.width = width;
    this.fold(new Set());
    if (window.innerWidth < FOLDED_BELOW) {
      const out = new Set();
      const foldable = this.head.map((_, place) => place).filter(place => place && !this.head[place].dataset.keep);
      while (this.table.offsetWidth > width + 1 && foldable.length > (this.head.length > 2 ? 1 : 0)) {
        out.add(foldable.pop());
        this.fold(out);
      }
    }
    this.shade();
  }

  fold(out) {
    this.out = new Set(out);
    this.head.forEach((cell, place) => { cell.hidden = out.has(place); });
    for (const row of this.seen) this.foldRow(row);
  }

  foldRow(row) {
    if (row.tzOut === this.out) return;
    row.tzOut = this.out;
    [...row.cells].forEach((cell, place) => { cell.hidden = this.out.has(place); });
    const first = row.cells[0], button = first.querySelector(':scope > .tz-unfold');
    if (!this.out.size) {
      button?.remove();
      row.tzDetail?.remove();
      row.tzDetail = null;
    } else if (!button) {
      const made = make('button', 'tz-unfold', '', { type: 'button', 'aria-expanded': 'false', title: say('unfold') });
      made.setAttribute('aria-label', say('unfold_row', { row: first.textContent.trim() }));
      made.onclick = event => { event.stopPropagation(); this.unfold(row, made); };
      made.onkeydown = event => event.stopPropagation();
      first.prepend(made);
    }
  }

  unfold(row, button) {
    const isOpen = button.getAttribute('aria-expanded') === 'true';
    button.setAttribute('aria-expanded', String(!isOpen));
    row.tzDetail?.remove();
    row.tzDetail = null;
    if (isOpen) return;
    const told = make('dl', 'tz-folded');
    for (const place of [...this.out].sort((a, b) => a - b)) {
      const value = make('dd');
      value.append(...[...row.cells[place].childNodes].map(node => node.cloneNode(true)));
      told.append(make('dt', '', this.head[place].textContent), value);
    }
    row.tzDetail = make('tr', 'tz-detail');
    const cell = make('td', '', undefined, { colspan: String(this.head.length - this.out.size) });
    cell.append(told);
    row.tzDetail.append(cell);
    row.after(row.tzDetail);
  }

  shade() {
    const { scrollLeft, scrollWidth, clientWidth } = this.box;
    const frame = this.box.parentElement;
    frame.classList.toggle('tz-goes-left', scrollLeft > 1);
    frame.classList.toggle('tz-goes-right', scrollLeft + clientWidth < scrollWidth - 1);
  }
}

function look() {
  const tables = [...document.querySelectorAll('.tz-table:not(.tz-listed)')].filter(one => !one.closest('.tzs-deck'));
  for (const list of tables.map(table => new List(table))) list.fit();  // measured once all are short
}

// Paper has every row of every list, the tabs that nobody opened too.
function print(isPaper) {
  for (const { tzList: list } of document.querySelectorAll('.tz-table')) {
    if (!list || isPaper === Boolean(list.onScreen)) continue;
    const onScreen = isPaper ? list.seen : null;
    list.put(isPaper ? list.sorted : list.onScreen);
    list.onScreen = onScreen;
  }
}

function taizhangLists(words) {
  kept.words = words;
  look();
  if (kept.watch) return;
  const paper = matchMedia('print');
  paper.addEventListener('change', () => print(paper.matches));
  addEventListener('beforeprint', () => print(true));
  addEventListener('afterprint', () => print(false));
  kept.watch = new MutationObserver(look);
  kept.watch.observe(document.body, { childList: true, subtree: true });
}
