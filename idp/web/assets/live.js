// Part of a page that renews itself while it is looked at: <div id="live" data-every="10">, and
// <button type="button" data-live-pause="Pause" data-live-go="Go on" hidden> to stop it (WCAG 2.2.2). With data-mark="/address" only the
// mark at that address is fetched as long as it is the same; the page itself then comes at least twice a minute.

const part = document.getElementById('live');
const button = document.querySelector('button[data-live-pause]');
const lost = document.getElementById('live-lost');
const FULL = 30000, LOST_AFTER = 5;
let paused = false, mark = null, full = Date.now(), failed = 0;

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

async function text(address) {
  const answer = await fetch(address, { redirect: 'manual', cache: 'no-store' });
  // The session is over: the page itself leads to the sign-in.
  if (answer.type === 'opaqueredirect') location.reload();
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.text();
}

function heard() {
  failed = 0;
  if (lost) lost.hidden = true;
}

if (part && button) {
  const words = () => { button.textContent = paused ? button.dataset.liveGo : button.dataset.livePause; };
  button.addEventListener('click', () => { paused = !paused; words(); });
  words();
  button.hidden = false;
  setInterval(async () => {
    if (paused || document.hidden) return;
    try {
      if (part.dataset.mark) {
        const now = await text(part.dataset.mark);
        const same = now === mark && Date.now() - full < FULL;
        mark = now;
        if (same) { heard(); return; }
      }
      const fresh = new DOMParser().parseFromString(await text(location.href), 'text/html').getElementById('live');
      if (fresh) renew(fresh);
      full = Date.now();
      heard();
    } catch {
      failed += 1;
      if (lost && failed >= LOST_AFTER) lost.hidden = false;
    }
  }, 1000 * Number(part.dataset.every));
}
