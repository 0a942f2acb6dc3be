// The screen of a reception: idle, camera, answer, staff, and back to idle. Pictures leave only when somebody pressed the button, signed
// by the key of this device together with a nonce of the issuer. The module keeps no picture and no name.
import { kept } from './kiosk-key.js';

const FRAMES = 3, GAP = 350, LONGEST = 960, QUALITY = 0.9;
const RESULT = 5000, IDLE = 60000, WARNING = 20;
const wait = ms => new Promise(done => setTimeout(done, ms));
const by = id => document.getElementById(id);
const words = by('pass-kiosk-words').dataset;
const word = name => words[name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())] ?? '';
const main = by('main'), say = by('pass-kiosk-say'), hint = by('pass-kiosk-hint'), left = by('pass-kiosk-left');
const video = main.querySelector('video'), arc = main.querySelector('.arc');
const face = by('pass-kiosk-face'), leaving = by('pass-kiosk-leaving'), again = by('pass-kiosk-again');
const LAYOUT = { idle: 'idle', camera: 'idle', result: 'one', waiting: 'one', still: 'one' };

let part = 'idle', before = 'camera', failures = 0, out = false, began = 0, turn = 0, clock = 0;

function show(name, heading, tone = '') {
  part = name;
  for (const one of main.querySelectorAll('[data-part]')) one.hidden = one.dataset.part !== name;
  main.className = LAYOUT[name];
  document.body.classList.remove('ok', 'info', 'warn');
  if (tone) document.body.classList.add(tone);
  say.className = name === 'idle' || name === 'camera' ? '' : 'big';
  say.textContent = heading;
  if (name !== 'idle') say.focus({ preventScroll: true });
  rest();
}

/// Time is over after a minute without a touch, and somebody is asked twenty seconds before.
function rest() {
  clearTimeout(clock);
  if (part === 'idle') return;
  if (part === 'result') { clock = setTimeout(home, RESULT); return; }
  if (part === 'still') return;
  clock = setTimeout(ask, IDLE - WARNING * 1000);
}

function ask() {
  before = part;
  stop();
  show('still', word('still'), 'info');
  let seconds = WARNING;
  const tick = () => {
    if (part !== 'still') return;
    if (seconds <= 0) { home(); return; }
    // Said every five seconds, so that a screen reader is not talking all the time.
    if (seconds % 5 === 0) by('pass-kiosk-count').textContent = word('count').replace('{n}', seconds);
    seconds -= 1;
    clock = setTimeout(tick, 1000);
  };
  tick();
}

function stop() {
  video.srcObject?.getTracks().forEach(track => track.stop());
  video.srcObject = null;
  main.classList.remove('live');
}

function home() {
  turn += 1;
  stop();
  failures = 0;
  out = false;
  leaving?.setAttribute('aria-pressed', 'false');
  by('pass-kiosk-name').textContent = '';
  show('idle', word('welcome'));
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
async function signed(nonce, frames) {
  let message = `pass-kiosk-1\n${nonce}\n`;
  for (const frame of frames) message += `${base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', frame)))}\n`;
  const key = await kept();
  return new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, new TextEncoder().encode(message)));
}

async function ours(path, more) {
  const answer = await fetch(`${location.pathname}/${path}`, { cache: 'no-store', ...more });
  // The device was taken out of service: its page says so.
  if (answer.status === 401) { location.reload(); throw new Error('out of service'); }
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
}

function ringed(taken) {
  const round = 2 * Math.PI * arc.r.baseVal.value;
  arc.setAttribute('stroke-dasharray', `${round * taken / FRAMES} ${round}`);
}

async function attempt(mine) {
  again.hidden = true;
  ringed(0);
  hint.textContent = word('look');
  await wait(900);
  hint.textContent = word('hold');
  const { nonce } = await ours('capture');
  const frames = [];
  for (let taken = 1; taken <= FRAMES; taken++) {
    if (mine !== turn || part !== 'camera') return;
    frames.push(await picture());
    ringed(taken);
    await wait(GAP);
  }
  if (mine !== turn || part !== 'camera') return;
  hint.textContent = word('sending');
  const body = new URLSearchParams({ do: out ? 'out' : 'in', capture: nonce, signature: base64url(await signed(nonce, frames)), failures, took: Math.round(performance.now() - began) });
  frames.forEach((frame, at) => body.set(`frame${at + 1}`, base64url(frame)));
  const told = await ours('capture', { method: 'POST', body });
  if (mine === turn) answered(told);
}

function answered(told) {
  if (told.state === 'received') {
    stop();
    const fee = told.fee_class.replace('_', '-');
    by('pass-kiosk-name').textContent = told.name ? word('san').replace('{name}', told.name) : '';
    by('pass-kiosk-class').textContent = word(fee);
    by('pass-kiosk-class').className = `tag ${{ resident: 'ok', 'non-resident': 'warn', unknown: 'info' }[fee]}`;
    by('pass-kiosk-fee').textContent = word(`${fee}-what`);
    show('result', word(told.direction), 'ok');
    return;
  }
  if (told.state === 'waiting') {
    stop();
    by('pass-kiosk-why').textContent = word(told.hint === 'kiosk.unavailable' ? 'unavailable' : 'failed');
    show('waiting', word('called'), 'info');
    return;
  }
  failures = told.failures;
  hint.textContent = word(`hint-${told.hint.replaceAll('.', '-')}`) || word('hint-face-no-match');
  left.textContent = failures > 0 ? word('left').replace('{n}', 3 - failures) : '';
  again.hidden = false;
  again.focus();
  rest();
}

async function begin() {
  const mine = ++turn;
  began = performance.now();
  left.textContent = '';
  hint.textContent = '';
  again.hidden = true;
  show('camera', word(out ? 'leave' : 'welcome'));
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'user', width: { ideal: 1280 } }, audio: false });
    await video.play();
    main.classList.add('live');
  } catch {
    hint.textContent = word('no-camera');
    return;
  }
  await attempt(mine).catch(broken);
}

function broken() {
  if (part === 'camera') { hint.textContent = word('broken'); again.hidden = false; }
}

async function call() {
  stop();
  by('pass-kiosk-why').textContent = word('called-what');
  try {
    await ours('call', { method: 'POST' });
    show('waiting', word('called'), 'info');
  } catch {
    by('pass-kiosk-why').textContent = word('broken');
    show('waiting', word('broken'), 'warn');
  }
}

face?.addEventListener('click', begin);
again.addEventListener('click', () => attempt(turn).catch(broken));
leaving?.addEventListener('click', () => {
  out = !out;
  leaving.setAttribute('aria-pressed', String(out));
  say.textContent = word(out ? 'leave' : 'welcome');
});
by('pass-kiosk-call').addEventListener('click', call);
by('pass-kiosk-go-on').addEventListener('click', () => (before === 'camera' ? begin() : home()));
for (const back of document.querySelectorAll('[data-back]')) back.addEventListener('click', home);
addEventListener('pointerdown', rest);
addEventListener('keydown', rest);
addEventListener('pagehide', stop);
if (face) face.disabled = false;
