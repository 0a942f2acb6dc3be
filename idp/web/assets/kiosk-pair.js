// Pairs this device: a key that it can use and never give away, its public half sent with the code.
import { keep } from './kiosk-key.js';

const code = document.getElementById('pass-kiosk-code');
const error = document.getElementById('pass-kiosk-pair-error');
const base64url = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

const say = words => {
  error.textContent = words;
  error.hidden = !words;
  if (words) code.setAttribute('aria-invalid', 'true');
};

async function pair() {
  say(code.value.trim() ? '' : code.dataset.empty);
  if (!code.value.trim()) { code.focus(); return; }
  try {
    const made = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
    const key = base64url(await crypto.subtle.exportKey('raw', made.publicKey));
    const answer = await fetch(`${location.pathname}/pair`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ code: code.value, key }),
    });
    if (answer.status === 200) {
      await keep(made.privateKey);
      location.replace(location.pathname);
      return;
    }
    say(answer.status === 429 ? code.dataset.limit : code.dataset.wrong);
    code.focus();
  } catch {
    say(code.dataset.broken);
  }
}

document.getElementById('pass-kiosk-pair-go').addEventListener('click', pair);
code.addEventListener('keydown', event => { if (event.key === 'Enter') pair(); });
