// The screen of a reception: idle, camera, answer, staff, and back to idle. Pictures leave only when somebody pressed the button, signed
// by the key of this device together with a nonce of the issuer. The module keeps no picture and no name.
import { kept } from './kiosk-key.js';

const FRAMES = 3, GAP = 350, LONGEST = 960, QUALITY = 0.9;
const RESULT = 5000, IDLE = 60000, WAITING = 300000, WARNING = 20, LEFT_ALONE = 20000;
const HEARTBEAT = 60000, SOON = 5000;
const wait = ms => new Promise(done => setTimeout(done, ms));
const by = id => document.getElementById(id);
const main = by('main'), say = by('pass-kiosk-say'), hint = by('pass-kiosk-hint'), left = by('pass-kiosk-left');
const video = main.querySelector('video'), arc = main.querySelector('.arc');
const face = by('pass-kiosk-face'), leaving = by('pass-kiosk-leaving'), again = by('pass-kiosk-again');
const LAYOUT = { idle: 'idle', camera: 'idle', result: 'one', waiting: 'one', still: 'one' };
const words = new Map([...by('pass-kiosk-words').content.querySelectorAll('[data-word]')].map(one => [one.dataset.word, one]));

// `turn` counts what visitors began: whatever was begun before the newest is not shown any more.
let part = 'idle', before = 'camera', failures = 0, out = false, began = 0, turn = 0, clock = 0, cut = false, held = null;

/// Puts words into an element, furigana and all; `fills` replaces `{n}` and `{name}`.
function put(element, name, fills = {}) {
  const copy = words.get(name)?.cloneNode(true);
  if (!copy) { element.textContent = ''; return; }
  const walk = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    walk.currentNode.data = walk.currentNode.data.replace(/\{(\w+)\}/g, (whole, key) => fills[key] ?? whole);
  }
  element.replaceChildren(...copy.childNodes);
}

function show(name, heading, tone = '') {
  part = name;
  for (const one of main.querySelectorAll('[data-part]')) one.hidden = one.dataset.part !== name;
  main.className = LAYOUT[name];
  document.body.classList.remove('ok', 'info', 'warn');
  if (tone) document.body.classList.add(tone);
  say.className = name === 'idle' || name === 'camera' ? '' : 'big';
  put(say, heading);
  if (name !== 'idle') say.focus({ preventScroll: true });
  rest();
}

/// What happens when nobody touches the screen: an answer goes after five seconds; others are asked first. Who waits for staff is left alone
/// for five minutes. A choice that somebody made on the idle screen and walked away from is undone for the next one.
function rest() {
  clearTimeout(clock);
  if (part === 'still') return;
  if (part === 'idle') { if (out || main.dataset.home) clock = setTimeout(settle, LEFT_ALONE); return; }
  if (part === 'result') { clock = setTimeout(home, RESULT); return; }
  clock = setTimeout(ask, part === 'waiting' ? WAITING : IDLE - WARNING * 1000);
}

async function settle() {
  if (part !== 'idle') return;
  home();
  // Without a connection the page that is here is better than none.
  if (main.dataset.home && await alive()) location.replace(main.dataset.home);
}

function ask() {
  before = part;
  turn += 1;
  stop();
  show('still', 'still', 'info');
  let seconds = WARNING;
  const tick = () => {
    if (part !== 'still') return;
    if (seconds <= 0) { home(); return; }
    // Said every five seconds, so that a screen reader is not talking all the time.
    if (seconds % 5 === 0) put(by('pass-kiosk-count'), 'count', { n: seconds });
    seconds -= 1;
    clock = setTimeout(tick, 1000);
  };
  tick();
}

const off = stream => stream?.getTracks().forEach(track => track.stop());

function stop() {
  if (!video) return;
  off(video.srcObject);
  video.srcObject = null;
  main.classList.remove('live');
}

function home() {
  turn += 1;
  stop();
  failures = 0;
  out = false;
  held = null;
  leaving?.setAttribute('aria-pressed', 'false');
  by('pass-kiosk-name').textContent = '';
  show('idle', cut ? 'unreachable' : 'welcome');
}

function picture() {
  const scale = Math.min(1, LONGEST / Math.max(video.videoWidth, video.videoHeight));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext('2d').drawImage(video, 0, 0, canvas.width, canvas.height);
  return new Promise(done => canvas.toBlob(async blob => done(new Uint8Array(await blob.arrayBuffer())), 'image/jpeg', QUALITY));
}

function base64url(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/// What the device signs: a line for itself, the nonce, and the hash of each picture.
async function signed(key, nonce, frames) {
  let message = `pass-kiosk-1\n${nonce}\n`;
  for (const frame of frames) message += `${base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', frame)))}\n`;
  return new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, new TextEncoder().encode(message)));
}

async function ours(path, more) {
  const answer = await fetch(`${location.pathname}/${path}`, { cache: 'no-store', ...more });
  // The device was taken out of service: its page says so.
  if (answer.status === 401) { location.replace(location.pathname); throw new Error('out of service'); }
  if (!answer.ok) throw Object.assign(new Error('refused'), { status: answer.status });
  return answer.json();
}

/// Whether the issuer answers. It learns that the device is there, and the device whether it is still in service.
async function alive() {
  try { await ours('capture'); cut = false; } catch { cut = true; }
  return !cut;
}

async function heartbeat() {
  const was = cut;
  // While somebody is there, their own requests tell.
  if (part === 'idle') await alive();
  if (part === 'idle' && was !== cut) put(say, cut ? 'unreachable' : out ? 'leave' : 'welcome');
  setTimeout(heartbeat, cut ? SOON : HEARTBEAT);
}

function ringed(taken) {
  const round = 2 * Math.PI * arc.r.baseVal.value;
  arc.setAttribute('stroke-dasharray', `${round * taken / FRAMES} ${round}`);
}

async function attempt(mine) {
  again.disabled = true;
  ringed(0);
  put(hint, 'look');
  const key = await kept();
  // The browser's data was cleared: only a new code helps.
  if (!key) { location.replace(`${location.pathname}?pair`); return; }
  await wait(900);
  put(hint, 'hold');
  const { nonce } = await ours('capture');
  const frames = [];
  for (let taken = 1; taken <= FRAMES; taken++) {
    if (mine !== turn) return;
    frames.push(await picture());
    ringed(taken);
    await wait(GAP);
  }
  if (mine !== turn) return;
  put(hint, 'sending');
  const signature = base64url(await signed(key, nonce, frames));
  const body = new URLSearchParams({ do: out ? 'out' : 'in', capture: nonce, signature, failures, took: Math.round(performance.now() - began) });
  frames.forEach((frame, at) => body.set(`frame${at + 1}`, base64url(frame)));
  const told = await ours('capture', { method: 'POST', body });
  if (mine === turn) answered(told);
}

function answered(told) {
  if (told.state === 'received') {
    stop();
    const fee = told.fee_class.replace('_', '-');
    if (told.name) put(by('pass-kiosk-name'), 'san', { name: told.name });
    put(by('pass-kiosk-class'), fee);
    by('pass-kiosk-class').className = `tag ${{ resident: 'ok', 'non-resident': 'warn', unknown: 'info' }[fee]}`;
    put(by('pass-kiosk-fee'), `${fee}-what`);
    show('result', told.direction, 'ok');
    return;
  }
  if (told.state === 'waiting') {
    stop();
    waiting('called', told.hint === 'kiosk.unavailable' ? 'unavailable' : 'failed');
    return;
  }
  failures = told.failures;
  const name = `hint-${told.hint.replaceAll('.', '-')}`;
  put(hint, words.has(name) ? name : 'hint-face-no-match');
  put(left, failures > 0 ? 'left' : '', { n: told.left });
  offer();
}

/// Once more: the button keeps its place, so that a second tap meets nothing else.
function offer() {
  again.hidden = false;
  again.disabled = false;
  again.focus();
  rest();
}

async function begin() {
  const mine = ++turn;
  stop();
  began = performance.now();
  left.textContent = '';
  hint.textContent = '';
  again.hidden = failures === 0;
  show('camera', out ? 'leave' : 'welcome');
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'user', width: { ideal: 1280 } }, audio: false });
  } catch {
    if (mine !== turn) return;
    put(hint, 'no-camera');
    offer();
    return;
  }
  // Somebody went back while the camera woke up: it sleeps again.
  if (mine !== turn) { off(stream); return; }
  video.srcObject = stream;
  try {
    await video.play();
    main.classList.add('live');
    await attempt(mine);
  } catch (error) { broken(mine, error); }
}

async function once_more() {
  if (!video.srcObject?.active) { await begin(); return; }
  const mine = ++turn;
  try { await attempt(mine); } catch (error) { broken(mine, error); }
}

function broken(mine, error) {
  if (mine !== turn) return;
  put(hint, error.status === 429 ? 'hint-kiosk-busy' : error.status ? 'retry' : 'broken');
  offer();
}

/// Staff were called, or could not be. `coming`: somebody took the call on.
function waiting(heading, why, tone = 'info') {
  held = [heading, why, tone];
  put(by('pass-kiosk-why'), why);
  put(by('pass-kiosk-wait'), heading === 'called' || heading === 'calling' ? 'wait' : '');
  by('pass-kiosk-wait').hidden = !by('pass-kiosk-wait').textContent;
  show('waiting', heading, tone);
  if (heading === 'called') taken_on(turn);
}

async function call() {
  const mine = ++turn;
  stop();
  waiting('calling', 'called-what');
  for (;;) {
    try {
      await ours('call', { method: 'POST' });
      if (mine === turn) waiting('called', 'called-what');
      return;
    } catch { /* said below, and tried again */ }
    if (mine !== turn) return;
    if (held[0] !== 'uncalled') waiting('uncalled', 'uncalled-what', 'warn');
    await wait(SOON);
    if (mine !== turn) return;
  }
}

/// Looks until somebody takes the call on.
async function taken_on(mine) {
  for (;;) {
    await wait(3000);
    if (mine !== turn || part !== 'waiting') return;
    try {
      const { open } = await ours('call');
      if (mine !== turn || part !== 'waiting') return;
      if (!open) { waiting('coming', 'coming-what', 'ok'); return; }
    } catch { /* the next time, perhaps */ }
  }
}

function go_on() {
  if (before === 'camera') { begin(); return; }
  if (before === 'waiting' && held) { waiting(...held); return; }
  home();
}

face?.addEventListener('click', begin);
again.addEventListener('click', once_more);
leaving?.addEventListener('click', () => {
  out = !out;
  leaving.setAttribute('aria-pressed', String(out));
  put(say, out ? 'leave' : 'welcome');
});
by('pass-kiosk-call').addEventListener('click', call);
by('pass-kiosk-go-on').addEventListener('click', go_on);
for (const back of document.querySelectorAll('[data-back]')) back.addEventListener('click', home);
for (const link of document.querySelectorAll('.langs a')) {
  link.addEventListener('click', async event => {
    event.preventDefault();
    // A page of the browser's own would have no way back on a locked device.
    if (await alive()) location.assign(link.href); else if (part === 'idle') put(say, 'unreachable');
  });
}
addEventListener('pointerdown', rest);
addEventListener('keydown', rest);
addEventListener('pagehide', stop);
if (face) face.disabled = false;
setTimeout(heartbeat, HEARTBEAT);
rest();
