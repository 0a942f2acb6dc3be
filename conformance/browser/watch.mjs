// What must hold for every request and answer of a story: no password of a card at the issuer, policies and cookies,
// nothing for other sites.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, fault } from './stage.mjs';

const origin = url => new URL(url).origin;

/// Hears what reaches the issuer's port, from the browser and from the card agent. Without the right to, nothing.
export async function overhear(issuer) {
  if (!issuer.startsWith('http:')) return { heard: async () => null };
  const folder = mkdtempSync(join(tmpdir(), 'overheard-'));
  const file = join(folder, 'wire');
  const listener = spawn('python3', [fileURLToPath(new URL('overhear.py', import.meta.url)), new URL(issuer).port, file], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise(done => listener.on('close', done));
  const listening = await Promise.race([new Promise(done => listener.stdout.once('data', () => done(true))), ended.then(() => false)]);
  return {
    heard: async () => {
      listener.kill('SIGTERM');
      await ended;
      const bytes = listening ? readFileSync(file, 'latin1') : null;
      rmSync(folder, { recursive: true });
      return bytes;
    },
  };
}

/// A secret as it is, in a form, in base64. Short ones occur by chance inside tokens and pictures: whole words only.
function finder(secret) {
  const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64').replace(/=+$/, '')];
  return text => forms.some(form => form.length > 8 ? text.includes(form) : new RegExp(`(?<![\\w.-])${form}(?![\\w.-])`).test(text));
}

export function noCardSecrets(line, requests, wire, typed) {
  const secrets = [...line.virtual_cards, ...line.residents].flatMap(one => [one.pin, one.text_pin, one.signature_password]).filter(Boolean);
  const finders = [...new Set([...secrets, ...typed])].map(finder);
  const toIssuer = requests.filter(one => origin(one.url) === line.issuer);
  expect(toIssuer.length > 20, `only ${toIssuer.length} requests to the issuer were seen`);
  for (const one of toIssuer) {
    const text = `${new URL(one.url).pathname} ${new URL(one.url).search} ${JSON.stringify(one.headers)} ${one.body}`;
    if (finders.some(found => found(text))) fault(`a card's PIN or password is in ${one.method} ${new URL(one.url).pathname}`);
  }
  if (wire !== null) {
    expect(wire.includes('POST /card/result'), 'the agent was not heard on the wire');
    const unheard = toIssuer.filter(one => one.body && !wire.includes(one.body));
    expect(unheard.length === 0, `not heard on the wire: ${unheard.map(one => `${new URL(one.url).pathname} ${one.body.length}`)}`);
    finders.forEach((found, n) => { if (found(wire)) fault(`secret ${n} of a card reached the issuer's port`); });
  }
  // The proof of the proof: where the password was typed it is found.
  const toAgent = requests.filter(one => origin(one.url) === origin(line.agent) && one.method === 'POST');
  expect(toAgent.some(one => finders.some(found => found(one.body))), 'the password went nowhere at all');
}

export async function headersAndCookies(line, responses, context) {
  for (const response of responses.filter(one => origin(one.url()) === line.issuer && /html/.test(one.headers()['content-type'] ?? ''))) {
    const path = new URL(response.url()).pathname;
    const headers = response.headers();
    const policy = headers['content-security-policy'] ?? '';
    expect(/default-src 'none'|default-src 'self'/.test(policy), `no default-src in the policy of ${path}`);
    expect(!/unsafe-inline|unsafe-eval|\*/.test(policy), `a loose policy on ${path}: ${policy}`);
    expect(/frame-ancestors 'none'/.test(policy), `${path} may be framed`);
    expect(/form-action /.test(policy), `no form-action on ${path}`);
    expect(headers['x-content-type-options'] === 'nosniff', `no nosniff on ${path}`);
    expect(/no-referrer|same-origin|strict-origin/.test(headers['referrer-policy'] ?? ''), `no referrer policy on ${path}`);
  }
  for (const cookie of await context.cookies(line.issuer)) {
    expect(cookie.httpOnly, `cookie ${cookie.name} is open to scripts`);
    expect(['Lax', 'Strict'].includes(cookie.sameSite), `cookie ${cookie.name} has SameSite ${cookie.sameSite}`);
    if (line.issuer.startsWith('https:')) expect(cookie.secure && cookie.name.startsWith('__Host-'), `cookie ${cookie.name} is not bound to the host`);
  }
}

/// The demo's facilities lie on 127.0.0.1 and the issuer on localhost: to a browser, another site.
export async function otherSites(line, context) {
  const { library, kosodate } = line.relying_parties;
  const evil = await context.newPage();
  // The facility's own policy would stop the frame first.
  await evil.route(`${kosodate}/`, async route => {
    const response = await route.fetch();
    const headers = response.headers();
    delete headers['content-security-policy'];
    await route.fulfill({ response, headers });
  });
  await evil.goto(`${kosodate}/`);
  await evil.evaluate(issuer => {
    const frame = document.createElement('iframe');
    frame.src = `${issuer}/me`;
    document.body.append(frame);
  }, line.issuer);
  // A frame that the browser refuses shows its own error page.
  const frame = () => evil.frames().find(one => one !== evil.mainFrame())?.url();
  for (let n = 0; n < 50 && !frame()?.startsWith('chrome-error:'); n++) await evil.waitForTimeout(100);
  expect(frame()?.startsWith('chrome-error:'), `the issuer let itself be framed: ${frame()}`);
  await evil.close();
  for (const path of ['/me/facilities/library/withdraw', '/me/face', '/me/face/consent', '/me/passkeys', '/me/close', '/session/end', '/manager']) {
    const attacker = await context.newPage();
    await attacker.goto(`${library}/`);
    const [answer] = await Promise.all([
      attacker.waitForResponse(response => response.url().startsWith(line.issuer + path)),
      attacker.evaluate(target => {
        const form = Object.assign(document.createElement('form'), { method: 'post', action: target });
        document.body.append(form);
        form.submit();
      }, line.issuer + path),
    ]);
    const site = (await answer.request().allHeaders())['sec-fetch-site'];
    expect(site === 'cross-site', `the attack came as ${site}`);
    // RP-Initiated Logout 1.0, 2: a relying party may post here; it gets the question, and nothing has ended.
    if (path === '/session/end') {
      await attacker.locator('#pass-logout-form').waitFor();
    } else {
      expect(answer.status() >= 400, `a cross-site POST to ${path} was answered ${answer.status()}`);
    }
    await attacker.close();
  }
  const after = await context.newPage();
  await after.goto(`${line.issuer}/me`);
  // Content Security Policy 3, 6.1.11: a script that somebody smuggles into a page does not run.
  const ran = await after.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.smuggled = true';
    document.body.append(script);
    return window.smuggled === true;
  });
  expect(!ran, 'an inline script ran on a page of the issuer');
  expect(new URL(after.url()).pathname === '/me', 'another site has signed her out');
  await after.close();
}
