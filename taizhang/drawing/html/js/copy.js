// What can be copied by a click: a code (data-copy), or the address of exactly what is seen (data-pinned: what an
// address leaves out while it is the board's own choice, so that the link shows the same when the board has moved on).

function taizhangCopy(words) {
  const state = window.tzCopy ??= {};
  state.words = words;
  if (state.watch) return;
  state.watch = true;
  const said = button => {
    if (button.dataset.copy) return button.dataset.copy;
    const there = new URL(location.href);
    for (const [name, value] of new URLSearchParams(button.dataset.pinned)) there.searchParams.set(name, value);
    return there.href;
  };
  const taken = text => {
    const box = document.createElement('textarea');
    box.value = text;
    document.body.append(box);
    box.select();
    document.execCommand('copy');
    box.remove();
  };
  document.addEventListener('click', async event => {
    const button = event.target.closest?.('[data-copy],[data-pinned]');
    if (!button) return;
    const text = said(button);
    await navigator.clipboard.writeText(text).catch(() => taken(text));
    button.dataset.copied = state.words.copied;
    clearTimeout(button.tzCopied);
    button.tzCopied = setTimeout(() => delete button.dataset.copied, 2000);
  });
}
