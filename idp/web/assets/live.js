// Part of a page that renews itself while it is looked at: <div id="live" data-every="10">, and
// <button type="button" data-live-pause="Pause" data-live-go="Go on" hidden> to stop it (WCAG 2.2.2).

const part = document.getElementById('live');
const button = document.querySelector('button[data-live-pause]');
let paused = false;

if (part && button) {
  const words = () => { button.textContent = paused ? button.dataset.liveGo : button.dataset.livePause; };
  button.addEventListener('click', () => { paused = !paused; words(); });
  words();
  button.hidden = false;
  setInterval(async () => {
    // Nothing is taken away from somebody who is reading it with the keyboard.
    if (paused || document.hidden || part.contains(document.activeElement)) return;
    try {
      const answer = await fetch(location.href, { redirect: 'error' });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('live');
      if (fresh && fresh.innerHTML !== part.innerHTML) part.replaceChildren(...fresh.childNodes);
    } catch { /* the next time, perhaps */ }
  }, 1000 * Number(part.dataset.every));
}
