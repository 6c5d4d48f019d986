// The way back has no dead steps: an address that is only filled in (with the language, the campaign, what is usual) is
// the step it was; one that asks for something else is a step of its own.
{
  const FILLED_IN = ['lang', 'campaign', 'no_page', 'left_out'];
  const asked = url => {
    const said = new URLSearchParams(url.search);
    FILLED_IN.forEach(name => said.delete(name));
    said.sort();
    return url.pathname + '?' + said;
  };
  const push = history.pushState.bind(history);
  history.pushState = (state, unused, url) => {
    const there = new URL(url ?? location.href, location.href);
    if (asked(there) === asked(location)) history.replaceState(state, unused, url);
    else push(state, unused, url);
  };
}
