// An exhibit on the whole screen: a button behind its title. Whatever leads on from it (a mark, a panel, a link) leaves
// the whole screen first, since what opens then would lie behind it.

function taizhangFull(words) {
  const state = window.tzFull ??= {};
  state.words = words;
  const offer = () => {
    if (!document.fullscreenEnabled) return;
    for (const title of document.querySelectorAll('[class*="st-key-exhibit"] .tzp-title')) {
      if (title.querySelector('.tzp-full') || title.closest('[role=dialog]')) continue;
      const button = document.createElement('button');
      Object.assign(button, { type: 'button', className: 'tzp-full', title: state.words.full });
      button.setAttribute('aria-label', state.words.full);
      button.onclick = () => {
        const exhibit = button.closest('[class*="st-key-exhibit"]');
        if (document.fullscreenElement) document.exitFullscreen();
        else exhibit.requestFullscreen();
      };
      title.append(button);
    }
  };
  offer();
  if (state.watch) return;
  state.watch = new MutationObserver(offer);
  state.watch.observe(document.body, { childList: true, subtree: true });
  document.addEventListener('click', event => {
    const leads = event.target.closest('[data-pick], a[href], [class*="st-key-source"] button');
    if (leads && document.fullscreenElement?.matches('[class*="st-key-exhibit"]')) document.exitFullscreen();
  }, true);
}
