// Part of a page that renews itself while it is looked at: <div id="live" data-every="10">, and
// <button type="button" data-live-pause="Pause" data-live-go="Go on" hidden> to stop it (WCAG 2.2.2).

const part = document.getElementById('live');
const button = document.querySelector('button[data-live-pause]');
let paused = false;

// Only what changed is replaced, so that a call for staff appears and nobody who reads the list with the keyboard loses the place.
function renew(fresh) {
  const here = document.activeElement;
  const held = part.contains(here) ? here : null;
  const scrolled = part.querySelector('.scroll')?.scrollLeft;
  let at = part.firstElementChild;
  for (const next of [...fresh.children]) {
    let same = at;
    while (same && !same.isEqualNode(next)) same = same.nextElementSibling;
    if (!same) { part.insertBefore(next, at); continue; }
    while (at !== same) { const gone = at; at = at.nextElementSibling; gone.remove(); }
    at = at.nextElementSibling;
  }
  while (at) { const gone = at; at = at.nextElementSibling; gone.remove(); }
  const table = part.querySelector('.scroll');
  if (table && scrolled) table.scrollLeft = scrolled;
  if (!held || held.isConnected) return;
  // The same button in the new list; where somebody else took that call on, the list itself.
  const twin = [...part.querySelectorAll(held.localName)].find(one =>
    one.value === held.value && one.getAttribute('aria-labelledby') === held.getAttribute('aria-labelledby'));
  const back = twin ?? part.querySelector('[tabindex="0"]') ?? button;
  back?.focus({ preventScroll: true });
}

if (part && button) {
  const words = () => { button.textContent = paused ? button.dataset.liveGo : button.dataset.livePause; };
  button.addEventListener('click', () => { paused = !paused; words(); });
  words();
  button.hidden = false;
  setInterval(async () => {
    if (paused || document.hidden) return;
    try {
      const answer = await fetch(location.href, { redirect: 'error' });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('live');
      if (fresh) renew(fresh);
    } catch { /* the next time, perhaps */ }
  }, 1000 * Number(part.dataset.every));
}
