// The face and kiosk pages once in WebKit (Debian's WebKitGTK driver): they come, axe finds nothing, and without a camera each says
// what else can be done. The driver gives no fake camera: that part is skipped, with this reason.
//
//   node webkit.mjs LINE.json       needs WebKitWebDriver and, without a screen, Xvfb
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const line = JSON.parse(readFileSync(process.argv[2], 'utf8').split('\n')[0]);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const port = 21990;
const wait = ms => new Promise(done => setTimeout(done, ms));
const faults = [];
const pages = [];

const driver = spawn('WebKitWebDriver', [`--port=${port}`], { stdio: 'ignore' });
const ask = async (method, path, body) => {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body) });
  const { value } = await answer.json();
  if (value?.error) throw new Error(`${path}: ${value.error} ${value.message}`);
  return value;
};

let session;
for (let tries = 0; tries < 50 && !session; tries++) {
  await wait(200);
  session = await ask('POST', '/session', { capabilities: { alwaysMatch: { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': {
    binary: process.env.MINIBROWSER, args: ['--automation'],
  } } } }).catch(why => { if (tries === 49) throw why; });
}
const at = `/session/${session.sessionId}`;
const version = `${session.capabilities.browserName} ${session.capabilities.browserVersion}`;
const run = (script, args = []) => ask('POST', `${at}/execute/sync`, { script, args });
const later = (script, args = []) => ask('POST', `${at}/execute/async`, { script, args });
const open = url => ask('POST', `${at}/url`, { url });
const here = async () => new URL(await ask('GET', `${at}/url`)).pathname;
const until = async (what, script) => {
  for (let tries = 0; tries < 100; tries++) { if (await run(script).catch(() => false)) return; await wait(100); }
  throw new Error(`${what} did not come at ${await here()}`);
};

async function look(name, selector) {
  await until(name, `return !!document.querySelector(${JSON.stringify(selector)})`);
  await run(axe);
  const found = await later(`const done = arguments[arguments.length - 1];
    axe.run(document, { runOnly: arguments[0], resultTypes: ['violations'] }).then(told => done(told.violations.map(one => one.id + ' ' + one.nodes[0].target)));`, [TAGS]);
  pages.push(name);
  for (const one of found) faults.push(`axe ${one} on ${name}`);
}

try {
  await ask('POST', `${at}/window/rect`, { width: 1180, height: 820 });
  const hanako = line.residents[0];
  await open(`${line.issuer}/me/face`);
  await look('sign-in', '#pass-login-form');
  await run(`document.getElementById('pass-login-id').value = arguments[0]; document.getElementById('pass-login-secret').value = arguments[1];
    document.getElementById('pass-login-submit').click();`, [hanako.login_id, hanako.login_secret]);
  await look('me-face', '#pass-face-begin');
  await open(`${line.issuer}/me/face/consent`);
  await look('me-face-agree', '#pass-face-allow');
  await run(`document.getElementById('pass-face-allow').click();`);
  await look('me-face-camera', '#pass-face-upload');
  await open(line.kiosk.url);
  await look('kiosk-pair', '#pass-kiosk-code');
  await run(`document.getElementById('pass-kiosk-code').value = arguments[0]; document.getElementById('pass-kiosk-pair-go').click();`, [line.kiosk.code]);
  await look('kiosk', '#pass-kiosk-call');
  // No camera here: the page must say so and not hang.
  await run(`document.getElementById('pass-kiosk-face')?.click();`);
  await until('a word about the camera', `return document.getElementById('pass-kiosk-hint').textContent.includes('カメラ') || !!navigator.mediaDevices`);
  await run(`document.getElementById('pass-kiosk-call').click();`);
  await until('staff called', `return !document.querySelector('[data-part=waiting]').hidden`);
  await look('kiosk-called', '#pass-kiosk-why');
} catch (why) {
  faults.push(why.message);
}
await ask('DELETE', at).catch(() => {});
driver.kill();
console.log(JSON.stringify({ ok: faults.length === 0, browser: version, pages, faults }));
process.exitCode = faults.length ? 1 : 0;
