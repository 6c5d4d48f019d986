// Runs before anything is drawn: the ground in the reader's theme, a cover until a page stands, and the framework's own
// words in the reader's language. `TZ_SAID` is {pairs: [[en, zh], …]}; a {blank} in a pair stands for any words.
(() => {
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const theme = () => {
    let stored = '';
    try {
      const key = Object.keys(localStorage).find(one => one.startsWith('stActiveTheme-' + location.pathname + '-v'));
      stored = key ? String(JSON.parse(localStorage.getItem(key)).name) : '';
    } catch { stored = ''; }
    root.dataset.tzTheme = /dark/i.test(stored) || (!/light/i.test(stored) && dark.matches) ? 'dark' : 'light';
  };
  theme();
  dark.addEventListener('change', theme);

  // Days, months and lists are said by the framework in the browser's language: for us it is the page's.
  Object.defineProperty(navigator, 'language', { configurable: true, get: () => (root.lang.startsWith('zh') ? 'zh-CN' : 'en-GB') });
  Object.defineProperty(navigator, 'languages', { configurable: true, get: () => [navigator.language] });

  // --- the cover: what moves while it is drawn is seen when it stands ------------------------------------------
  const AHEAD = 200; // pixels below the screen that count as on it
  const PATIENCE = 12000; // milliseconds after which a page is shown as it stands
  let shown = null, since = 0, before = '', still = 0, asked = 0;
  const cover = what => {
    root.dataset.tzCover = what;
    [since, before, still] = [performance.now(), '', 0];
    ask();
  };
  const ask = () => { asked ||= requestAnimationFrame(look); };
  const stands = page => {
    const main = document.querySelector('[data-testid=stMainBlockContainer]');
    const app = document.querySelector('[data-testid=stApp]');
    if (!main || !page) return false;
    const near = one => one.getClientRects().length && one.getBoundingClientRect().top < innerHeight + AHEAD;
    const isFull = main.getBoundingClientRect().height > innerHeight + AHEAD;
    const isRun = app && app.dataset.testScriptState === 'notRunning';
    const isAwaited = one => near(one) && !(one.matches('[class*=st-key-surface]') && one.querySelector('.tz-surface > *'));
    const isWhole = ![...main.querySelectorAll('[data-testid=stSkeleton],[data-testid=stAppSkeleton],[class*=st-key-surface]')]
      .some(isAwaited);
    const size = [main, ...main.querySelectorAll('[data-testid=stElementContainer]')].filter(near)
      .map(one => Math.round(one.getBoundingClientRect().top)).join() + innerWidth + document.fonts.status;
    still = size === before ? still + 1 : 0;
    before = size;
    return (isRun || isFull) && isWhole && document.fonts.status === 'loaded' && still >= (isRun ? 4 : 12);
  };
  const look = () => {
    asked = 0;
    const page = document.querySelector('.tzp-page')?.dataset.page;
    if (root.dataset.tzCover && (stands(page) || performance.now() - since > PATIENCE)) {
      delete root.dataset.tzCover;
      shown = page;
    } else if (!root.dataset.tzCover && page && shown && page !== shown) cover('page');
    if (root.dataset.tzCover) ask();
  };
  cover('all');

  // --- the framework's words -----------------------------------------------------------------------------------
  const NAMES = ['aria-label', 'title', 'placeholder', 'aria-valuetext', 'alt'];
  const OURS = '[data-testid=stMarkdownContainer],[data-testid=stHtml],[data-testid=stBidiComponentRegular],'
    + '[data-testid=stBidiComponentIsolated],[data-testid=stCode],[role=option],.tz,.tzs,[data-testid=stIconMaterial]';
  const plain = new Map(), blank = [];
  const isBlank = /\{\w+\}/g, marks = /[.*+?^${}()|[\]\\]/g;
  const pattern = said => new RegExp('^' + said.split(isBlank).map(one => one.replace(marks, '\\$&')).join('(.+)') + '$', 's');
  const fill = said => found => { let place = 1; return said.replace(isBlank, () => found[place++]); };
  for (const [en, zh] of TZ_SAID.pairs) {
    if (isBlank.test(en)) blank.push([pattern(en), fill(zh), pattern(zh), fill(en)]);
    else plain.set('zh' + en, zh).set('en' + zh, en);
    isBlank.lastIndex = 0;
  }
  const said = text => {
    const lang = root.lang.startsWith('zh') ? 'zh' : 'en', bare = text.trim();
    if (!bare) return null;
    if (plain.has(lang + bare)) return plain.get(lang + bare);
    for (const [en, toZh, zh, toEn] of blank) {
      const found = (lang === 'zh' ? en : zh).exec(bare);
      if (found) return (lang === 'zh' ? toZh : toEn)(found);
    }
    return null;
  };
  const words = node => {
    if (node.nodeType === 3) {
      const parent = node.parentElement;
      const isTheirs = parent && (!parent.closest(OURS) || parent.closest('[data-testid=stFileUploaderDropzone] button'));
      const other = isTheirs && said(node.data);
      if (other && other !== node.data) node.data = other;
      return;
    }
    if (node.nodeType !== 1 || node.closest('.tz')) return;
    attributes(node);
    const walk = document.createTreeWalker(node, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, {
      acceptNode: one => (one.nodeType === 1 && one.classList.contains('tz') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT),
    });
    while (walk.nextNode()) walk.currentNode.nodeType === 3 ? words(walk.currentNode) : attributes(walk.currentNode);
  };
  const attributes = node => {
    if (node.matches('[data-testid=stSidebarNavItems],[data-testid=stSidebarNavItems] li')) node.setAttribute('role', 'none'); // in parts, it is no list
    if (node.dataset?.testid === 'stFileUploaderDropzone') node.setAttribute('role', 'group'); // named, so not mere decoration
    if (node.tagName === 'HEADER' && node.closest('[role=dialog]')) node.setAttribute('role', 'group'); // of a calendar
    for (const name of NAMES) {
      const now = node.getAttribute(name), other = now && !node.closest('.tz') && said(now);
      if (other && other !== now) node.setAttribute(name, other);
    }
  };
  const watch = () => new MutationObserver(changes => {
    for (const { type, target, addedNodes } of changes) {
      if (type === 'childList') addedNodes.forEach(words);
      else if (type === 'characterData') words(target);
      else if (target === root) {
        words(document.body);
        dispatchEvent(new Event('languagechange'));
      }
      else attributes(target);
    }
    ask();
  }).observe(root, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['lang', 'data-page', ...NAMES] });
  document.body ? watch() : document.addEventListener('DOMContentLoaded', () => { watch(); words(document.body); });
})();
