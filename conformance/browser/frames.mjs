// Front-channel logout and session management in Chromium, once as it comes and once with the cookies of other sites blocked:
// what still works then, and what does not. A relying party of the test's own, at another site than the issuer.
//
//   node frames.mjs LINE.json       LINE.json: the line of `pass demo --json`
//
// Prints one JSON summary; exit 1 where something is not as docs/integrate/front-channel.md says.
import { createServer } from 'node:http';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { expect, faults, options, story } from './stage.mjs';

const line = JSON.parse(readFileSync(process.argv[2], 'utf8').split('\n')[0]);
const { test, parts } = story();

/// The relying party: its own cookie at sign-in, a page that watches the session, and a page for the frame of a sign-out.
let heard = [];
let watching;
const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://rp');
  const html = body => { response.setHeader('content-type', 'text/html'); response.end(`<!doctype html><title>rp</title>${body}`); };
  if (url.pathname === '/cb') {
    response.setHeader('set-cookie', 'rp=signed-in; Path=/; SameSite=None; Secure');
    return html('signed in');
  }
  if (url.pathname === '/out') {
    heard.push({ iss: url.searchParams.get('iss'), sid: url.searchParams.get('sid'), cookie: request.headers.cookie ?? '' });
    return html('out');
  }
  if (url.pathname === '/watch') {
    const { client, state } = watching;
    return html(`<iframe id=op src="${line.issuer}/session/check"></iframe><script>
      addEventListener('message', event => { if (event.origin === ${JSON.stringify(line.issuer)}) document.title = event.data; });
      document.getElementById('op').onload = function () { this.contentWindow.postMessage(${JSON.stringify(`${client} ${state}`)}, ${JSON.stringify(line.issuer)}); };
    </script>`);
  }
  response.statusCode = 404;
  return response.end();
});
await new Promise(done => server.listen(0, '127.0.0.1', done));
const rp = `http://127.0.0.1:${server.address().port}`;

async function register() {
  const answer = await fetch(`${line.issuer}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${line.registration_token}` },
    body: JSON.stringify({
      redirect_uris: [`${rp}/cb`], response_types: ['code id_token'], client_name: 'frames',
      frontchannel_logout_uri: `${rp}/out`, frontchannel_logout_session_required: true,
    }),
  });
  const told = await answer.json();
  if (answer.status !== 201) throw new Error(`registration: ${JSON.stringify(told)}`);
  return told.client_id;
}

/// Signs in through the browser; gives what came in the fragment.
async function signIn(page, client) {
  const query = new URLSearchParams({
    response_type: 'code id_token', client_id: client, redirect_uri: `${rp}/cb`, scope: 'openid', state: 's', nonce: 'n',
  });
  await page.goto(`${line.issuer}/authorize?${query}`);
  const resident = line.residents.find(one => one.login_id === 'user1');
  await page.locator('#pass-login-id').fill(resident.login_id);
  await page.locator('#pass-login-secret').fill(resident.login_secret);
  await page.locator('#pass-login-submit').click();
  await page.waitForURL(url => url.href.startsWith(rp) || url.pathname.endsWith('/consent'));
  if (!page.url().startsWith(rp)) {
    await page.locator('#pass-consent-allow').click();
    await page.waitForURL(url => url.href.startsWith(rp));
  }
  return new URLSearchParams(new URL(page.url()).hash.slice(1));
}

async function watched(page) {
  await page.goto(`${rp}/watch`);
  await page.waitForFunction(() => document.title !== 'rp', null, { timeout: 5000 });
  return page.title();
}

const sid = token => JSON.parse(Buffer.from(token.split('.')[1], 'base64url')).sid;

async function round(blocked) {
  // A profile as people have it: a context of Playwright is a private window, and these block cookies of other sites anyway.
  const profile = mkdtempSync(join(tmpdir(), 'frames-'));
  mkdirSync(join(profile, 'Default'));
  // What chrome://settings/cookies writes: 0 allows the cookies of other sites, 1 blocks them.
  const choice = { profile: { cookie_controls_mode: blocked ? 1 : 0, block_third_party_cookies: blocked } };
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(choice));
  const context = await chromium.launchPersistentContext(profile, options());
  const page = await context.newPage();
  const client = await register();
  const given = await signIn(page, client);
  watching = { client, state: given.get('session_state') };
  const before = await watched(page);
  heard = [];
  await page.goto(`${line.issuer}/session/end?id_token_hint=${given.get('id_token')}`);
  await page.waitForURL(url => url.pathname === '/session/ended', { timeout: 10000 });
  const after = await watched(page);
  await context.close();
  rmSync(profile, { recursive: true, force: true });
  const [frame] = heard;
  expect(heard.length === 1 && frame.iss === line.issuer && frame.sid === sid(given.get('id_token')), `the frame said ${JSON.stringify(heard)}`);
  return { before, after, frame_has_cookie: /rp=signed-in/.test(frame?.cookie ?? '') };
}

let open, blocked;
await test('cap_49_frames_work_where_the_browser_lets_them_have_their_cookies', async () => {
  open = await round(false);
  expect(open.before === 'unchanged' && open.after === 'changed', `the frame of the session said ${open.before}, then ${open.after}`);
  expect(open.frame_has_cookie, 'the frame of the sign-out came without its cookie');
}).catch(() => {});
await test('cap_49_with_cookies_of_other_sites_blocked_frames_still_name_the_session', async () => {
  blocked = await round(true);
  // Without the cookie nothing can be told from a session that ended: never "unchanged" of one that did.
  expect(blocked.before === 'changed' && blocked.after === 'changed', `the frame of the session said ${blocked.before}, then ${blocked.after}`);
  expect(!blocked.frame_has_cookie, 'the browser did not block the cookie: the test shows nothing');
}).catch(() => {});
server.close();
console.log(JSON.stringify({ ok: faults.length === 0, parts, open, blocked, faults }));
process.exit(faults.length === 0 ? 0 : 1);
