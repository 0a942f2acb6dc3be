// The whole story in Chromium: a library's button, sign-up by mail, a passkey, the card, consent, the claims; then the
// face, the child-care centre, withdrawal. With pictures of every page, axe, and a look at every request.
//
//   node story.mjs LINE.json       LINE.json: the line of `pass demo --json`
//
// SHOTS: folder of the pictures (default target/story). CAMERA: y4m file of the fake camera; without it the face is
// skipped unless the demo has one. Prints one JSON summary; exit 1 on any fault.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { authenticator, camera, expect, fault, faults, launch, story, visitor } from './stage.mjs';

const line = JSON.parse(readFileSync(process.argv[2], 'utf8').split('\n')[0]);
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = process.env.SHOTS ?? `${root}target/story`;
const { library, kosodate } = line.relying_parties;
const origin = url => new URL(url).origin;
const RESIDENCE = ['age_over_18', 'is_resident', 'residence_city', 'residence_city_code', 'residence_prefecture', 'residence_verified_on'];
const newcomer = { email: `hanako.${Date.now()}@example.jp` };
const card = line.residents.find((one, n) => n === 2) ?? line.residents[0];

const browser = await launch(process.env.CAMERA);
const { context, page, requests } = await visitor(browser);
const device = await authenticator(context, page);
const { snap, seen } = camera(folder);
const { test, parts } = story();
const responses = [];
page.on('response', response => responses.push(response));

const at = path => page.waitForURL(url => url.pathname.endsWith(path), { timeout: 20000 });
const arrive = where => page.waitForURL(url => url.href.startsWith(where), { timeout: 30000 });
const press = async selector => { await page.locator(selector).first().click(); };
const last = async site => (await page.request.get(`${site}/last.json`)).json();
const claims = given => Object.keys(given.userinfo ?? {}).filter(name => name !== 'sub').sort();

async function codeFromOutbox(address) {
  const outbox = await context.newPage();
  await outbox.goto(line.outbox);
  const text = await outbox.locator('body').innerText();
  const from = text.indexOf(address);
  expect(from >= 0, `the outbox holds no mail to the newcomer`);
  const code = text.slice(Math.max(from, 0)).match(/(?<!\d)\d{6}(?!\d)/)?.[0];
  await snap(outbox, 'outbox');
  await outbox.close();
  if (!code) throw new Error('no six digits in the mail');
  return code;
}

/// At the agent: the card, the statement, the password, once wrong. What is typed here never goes to the issuer.
async function proveWithCard() {
  await press('#pass-card-go');
  await arrive(origin(line.agent));
  const soft = page.locator('#pass-card-place');
  if (await soft.count()) {
    await page.locator('#pass-card-sample').selectOption(card.card);
    await soft.click();
    await page.waitForLoadState();
  }
  await page.locator('#pass-card-password').fill('WRONG999');
  await press('#pass-card-sign');
  await page.locator('#password-err').waitFor();
  await snap(page, 'agent-wrong-password');
  await page.locator('#pass-card-password').fill(card.signature_password);
  for (const raw of await page.locator('details').all()) await raw.evaluate(one => { one.open = true; });
  await snap(page, 'agent-statement');
  await press('#pass-card-sign');
  await arrive(line.issuer);
}

async function consent(name, allow = true) {
  await page.locator('#pass-consent-form').waitFor();
  for (const more of await page.locator('#pass-consent-form details').all()) await more.evaluate(one => { one.open = true; });
  await snap(page, name);
  expect(!(await page.locator('#pass-consent-remember').isChecked().catch(() => false)), 'the remember box is ticked beforehand');
  await press(allow ? '#pass-consent-allow' : '#pass-consent-deny');
}

try {
  await test('cap_02_sign_up_by_mail_from_a_library', async () => {
    await page.goto(library);
    await snap(page, 'library-front');
    await press('#rp-login');
    await at('/login');
    await snap(page, 'sign-in');
    await page.locator('a[href*="sign-up"]').first().click();
    await at('/sign-up');
    await snap(page, 'sign-up');
    await page.locator('#pass-mail-id').fill(newcomer.email);
    await press('#pass-mail-submit');
    await at('/code');
    await snap(page, 'mail-code');
    const code = await codeFromOutbox(newcomer.email);
    await page.locator('#pass-code').fill(code === '000000' ? '111111' : '000000');
    await press('#pass-code-submit');
    await page.locator('#code-err').waitFor();
    await snap(page, 'mail-code-wrong');
    await page.locator('#pass-code').fill(code);
    await press('#pass-code-submit');
    await at('/passkey');
  });

  await test('cap_62_a_passkey_is_made', async () => {
    await page.locator('#passkey-form').waitFor({ state: 'visible' });
    await snap(page, 'make-passkey');
    await press('#passkey-button');
    await at('/proof');
    const made = await device.credentials();
    expect(made.length === 1 && made[0].isResidentCredential, 'one discoverable passkey on the device');
    expect(made[0]?.rpId === 'localhost', `rpId ${made[0]?.rpId}`);
  });

  await test('cap_05_the_card_proves_who_she_is', async () => {
    await snap(page, 'card');
    await proveWithCard();
    await page.locator('#pass-card-keep').waitFor();
    await snap(page, 'card-read');
    await press('#pass-card-keep');
  });

  await test('cap_18_consent_shows_the_values_and_the_library_gets_them', async () => {
    await page.locator('#pass-consent-form').waitFor();
    const shown = await page.locator('[id^=pass-consent-item-]').evaluateAll(all => all.map(one => one.id.replace('pass-consent-item-', '')));
    await consent('consent-library');
    await arrive(library);
    await page.locator('#rp-claims').waitFor();
    await snap(page, 'library-member');
    const given = await last(library);
    expect(JSON.stringify(claims(given)) === JSON.stringify(RESIDENCE), `the library got ${claims(given)}`);
    expect(given.userinfo?.residence_city_code === '172065' && given.userinfo?.age_over_18 === true, 'city code and age');
    expect(JSON.stringify([...shown].sort()) === JSON.stringify([...claims(given), 'sub'].sort()), `the page showed ${shown}`);
    expect(given.id_token?.acr === 'aal2', `acr ${given.id_token?.acr}`);
  });

  await test('cap_01_a_second_login_shows_no_page', async () => {
    await press('#rp-check');
    await page.locator('#rp-verdict').waitFor();
    const from = requests.length;
    await page.goto(library);
    const other = await context.newPage();
    await other.goto(`${library}/`);
    await other.evaluate(() => { const form = document.createElement('form'); form.method = 'post'; form.action = '/login'; document.body.append(form); form.submit(); });
    await other.waitForURL(url => url.href === `${library}/`, { timeout: 20000 });
    await other.locator('#rp-claims').waitFor();
    const pages = requests.slice(from).filter(one => one.navigation && one.url.includes('/interaction/'));
    expect(pages.length === 0, `${pages.length} pages of the issuer at the second login`);
    await other.close();
  });

  await test('cap_10_she_enrols_her_face', async () => {
    await page.goto(`${line.issuer}/me`);
    await snap(page, 'me');
    await page.goto(`${line.issuer}/me/face`);
    await snap(page, 'me-face');
    await press('#pass-face-begin');
    await page.locator('#pass-face-allow').waitFor();
    await snap(page, 'me-face-agree');
    await press('#pass-face-allow');
    await at('/me/face/enrol');
    await page.locator('form[data-camera]').waitFor({ state: 'visible' });
    await snap(page, 'me-face-camera');
    await press('[data-start]');
    await page.locator('[data-shoot]').waitFor({ state: 'visible' });
    await snap(page, 'me-face-live', { fullPage: false });
    await press('[data-shoot]');
    await page.locator('#pass-face-registered').waitFor({ timeout: 60000 });
    await snap(page, 'me-face-done');
  });

  await test('cap_53_the_loan_limit_asks_for_her_face', async () => {
    const before = (await last(library)).id_token;
    await page.goto(library);
    await press('#rp-raise-limit');
    await page.waitForURL(url => /step-up|login|face/.test(url.pathname), { timeout: 20000 });
    if (await page.locator('#passkey-form').isVisible().catch(() => false)) await press('#passkey-button');
    await page.locator('form[data-camera]').waitFor({ state: 'visible' });
    await snap(page, 'step-up-face');
    await press('[data-start]');
    await page.locator('[data-shoot]').waitFor({ state: 'visible' });
    await press('[data-shoot]');
    await arrive(library);
    await page.locator('#rp-claims').waitFor();
    await snap(page, 'library-limit-raised');
    const { id_token: after, loan_limit } = await last(library);
    expect(after?.acr === 'aal2-face', `acr ${after?.acr}`);
    expect(after?.amr?.includes('face'), `amr ${after?.amr}`);
    expect(after?.auth_time > before?.auth_time, 'auth_time did not move');
    expect(loan_limit === 30, `loan limit ${loan_limit}`);
  });

  await test('cap_19_the_child_care_centre_gets_the_basic_four_under_another_sub', async () => {
    await page.goto(kosodate);
    await snap(page, 'kosodate-front');
    await press('#rp-login');
    await consent('consent-kosodate');
    await arrive(kosodate);
    await page.locator('#rp-claims').waitFor();
    await snap(page, 'kosodate-member');
    const [here, there] = [await last(kosodate), await last(library)];
    expect(JSON.stringify(claims(here)) === JSON.stringify(['address', 'age_band', 'birthdate', 'gender', 'name']), `kosodate got ${claims(here)}`);
    expect(here.userinfo?.sub && here.userinfo.sub !== there.id_token?.sub, 'one sub at two facilities');
  });

  await test('cap_22_she_withdraws_and_the_library_loses_access_at_once', async () => {
    await page.goto(`${line.issuer}/me/facilities`);
    await snap(page, 'me-facilities');
    await page.getByRole('link', { name: /加賀市立図書館/ }).first().click();
    await snap(page, 'me-facility');
    await press('#pass-withdraw');
    await page.locator('#pass-withdraw-stop').waitFor();
    await snap(page, 'me-withdraw');
    await press('#pass-withdraw-stop');
    await page.waitForLoadState('networkidle');
    await snap(page, 'me-withdrawn');
    await page.goto(library);
    await press('#rp-check');
    await page.getByText('アクセスできません').waitFor();
    await snap(page, 'library-no-access');
    expect((await last(library)).error, 'no error code at the library');
    await page.goto(`${line.issuer}/me/activity`);
    await snap(page, 'me-activity');
  });

  await test('cap_64_the_rest_of_her_pages_and_sign_out', async () => {
    for (const [path, name] of [['/me/passkeys', 'me-passkeys'], ['/me/activity', 'me-activity-all']]) {
      const answer = await page.goto(`${line.issuer}${path}`);
      if (answer.status() === 200) await snap(page, name);
    }
    await page.goto(kosodate);
    await press('#rp-logout');
    await page.waitForLoadState('networkidle');
    if (await page.locator('#pass-logout-form').count()) {
      await snap(page, 'sign-out');
      await press('#pass-logout-confirm');
    }
    await page.waitForLoadState('networkidle');
    await snap(page, 'signed-out');
  });

  await test('cap_62_the_passkey_signs_her_in_again', async () => {
    await page.goto(library);
    await press('#rp-logout, #rp-login');
    await page.waitForLoadState('networkidle');
    await page.goto(library);
    if (!(await page.locator('#pass-login-title').count())) await press('#rp-login');
    // Conditional UI may answer before the button is reached.
    await page.locator('#passkey-button').click({ timeout: 3000 }).catch(() => {});
    await page.locator('#pass-consent-form').waitFor();
    await snap(page, 'consent-again');
    await press('#pass-consent-deny');
    await arrive(library);
    await snap(page, 'library-declined');
    expect(await page.locator('#rp-error-code').innerText() === 'access_denied', 'declining is access_denied');
  });
} catch { /* the part has said why */ }

await test('cap_09_no_password_of_a_card_reached_the_issuer', async () => {
  const secrets = [...line.virtual_cards, ...line.residents].flatMap(one => [one.pin, one.signature_password]).filter(Boolean);
  const forms = secret => [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64').replace(/=+$/, '')];
  const toIssuer = requests.filter(one => origin(one.url) === line.issuer);
  expect(toIssuer.length > 20, `only ${toIssuer.length} requests to the issuer were seen`);
  for (const one of toIssuer) {
    // Four digits occur by chance inside tokens: whole words only.
    const text = `${one.url} ${JSON.stringify(one.headers)} ${one.body}`;
    for (const secret of secrets) for (const form of forms(secret)) {
      const hit = form.length <= 6 ? new RegExp(`(?<![\\w.-])${form}(?![\\w.-])`).test(`${one.body}`) : text.includes(form);
      if (hit) fault(`a card's PIN or password is in ${one.method} ${new URL(one.url).pathname}`);
    }
  }
  const toAgent = requests.filter(one => origin(one.url) === origin(line.agent) && one.method === 'POST');
  expect(parts.every(part => part.name !== 'cap_05_the_card_proves_who_she_is' || !part.ok) || toAgent.length > 0, 'the password went nowhere at all');
}).catch(() => {});

await test('cap_49_headers_and_cookies_of_the_issuer', async () => {
  for (const response of responses.filter(one => origin(one.url()) === line.issuer && /html/.test(one.headers()['content-type'] ?? ''))) {
    const where = { path: new URL(response.url()).pathname };
    const policy = response.headers()['content-security-policy'] ?? '';
    expect(/default-src 'none'|default-src 'self'/.test(policy), `no default-src in the policy of ${where.path}`);
    expect(!/unsafe-inline|unsafe-eval|\*/.test(policy), `a loose policy on ${where.path}: ${policy}`);
    expect(/frame-ancestors 'none'/.test(policy), `${where.path} may be framed`);
    expect(/form-action /.test(policy), `no form-action on ${where.path}`);
    expect(response.headers()['x-content-type-options'] === 'nosniff', `no nosniff on ${where.path}`);
    expect(/no-referrer|same-origin|strict-origin/.test(response.headers()['referrer-policy'] ?? ''), `no referrer policy on ${where.path}`);
  }
  for (const cookie of (await context.cookies(line.issuer))) {
    expect(cookie.httpOnly, `cookie ${cookie.name} is open to scripts`);
    expect(['Lax', 'Strict'].includes(cookie.sameSite), `cookie ${cookie.name} has SameSite ${cookie.sameSite}`);
    if (line.issuer.startsWith('https:')) expect(cookie.secure && cookie.name.startsWith('__Host-'), `cookie ${cookie.name} is not bound to the host`);
  }
}).catch(() => {});

await test('cap_49_another_site_can_neither_post_nor_frame', async () => {
  const evil = await context.newPage();
  await evil.goto(kosodate);
  const framed = await evil.evaluate(async issuer => {
    const frame = document.createElement('iframe');
    frame.src = `${issuer}/me`;
    document.body.append(frame);
    await new Promise(done => { frame.onload = done; setTimeout(done, 3000); });
    try { return frame.contentDocument !== null && frame.contentDocument.body.innerHTML.length > 0; } catch { return 'foreign'; }
  }, line.issuer);
  expect(framed !== true, 'the issuer let itself be framed and read');
  await evil.close();
  for (const path of ['/me/facilities', '/me/face', '/session/end', '/manager']) {
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
    expect(answer.status() >= 400, `a cross-site POST to ${path} was answered ${answer.status()}`);
    await attacker.close();
  }
}).catch(() => {});

await browser.close();
const violations = seen.reduce((sum, one) => sum + one.violations, 0);
console.log(JSON.stringify({ ok: faults.length === 0, parts, pages: new Set(seen.map(one => one.name)).size, axe_runs: seen.length, axe_violations: violations, requests: requests.length, faults, shots: folder }));
process.exitCode = faults.length ? 1 : 0;
