// The whole story in Chromium: a library's button, sign-up by mail, a passkey, the card, consent, the claims; then the
// face, the child-care centre, withdrawal. With pictures of every page, axe, and a look at every request.
//
//   node story.mjs LINE.json       LINE.json: the line of `pass demo --json`
//
// SHOTS: folder of the pictures (default target/story). CAMERA: y4m file of the fake camera; without it the face is
// skipped unless the demo has one. Prints one JSON summary; exit 1 on any fault.
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { byApp } from './app.mjs';
import { reception } from './reception.mjs';
import { authenticator, camera, expect, faults, launch, story, visitor } from './stage.mjs';
import { headersAndCookies, noCardSecrets, otherSites, overhear } from './watch.mjs';

const line = JSON.parse(readFileSync(process.argv[2], 'utf8').split('\n')[0]);
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = process.env.SHOTS ?? `${root}target/story`;
const { library, kosodate } = line.relying_parties;
const origin = url => new URL(url).origin;
const RESIDENCE = ['age_over_18', 'is_resident', 'residence_city', 'residence_city_code', 'residence_prefecture', 'residence_verified_on'];
const newcomer = { email: 'suzuki.aoi@example.jp' };
const WRONG_PASSWORD = 'WRONG999';
const card = line.residents.find((one, n) => n === 2) ?? line.residents[0];

const ear = await overhear(line.issuer);
const browser = await launch(process.env.CAMERA);
const { context, page, requests } = await visitor(browser);
const device = await authenticator(context, page);
const { snap, seen } = camera(folder);
const { test, parts } = story();
const responses = [];
let atReception;
page.on('response', response => responses.push(response));

const at = path => page.waitForURL(url => url.pathname.endsWith(path), { timeout: 20000 });
const arrive = where => page.waitForURL(url => url.href.startsWith(where), { timeout: 30000 });
const press = async selector => { await page.locator(selector).first().click(); };
const last = async site => (await page.request.get(`${site}/last.json`)).json();
const client = line.clients.find(one => one.client_id === 'library');
/// The issuer's pages that somebody saw since then.
const pagesSince = from => requests.slice(from).filter(one => one.navigation && one.method === 'GET' && /\/(interaction|me)\//.test(one.url)).map(one => new URL(one.url).pathname.split('/').pop());
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
  await snap(page, 'agent-place-card');
  const soft = page.locator('#pass-card-place');
  if (await soft.count()) {
    await page.locator('#pass-card-sample').selectOption(card.card);
    await soft.click();
    await page.waitForLoadState();
  }
  await page.locator('#pass-card-password').waitFor();
  await snap(page, 'agent-card-lies-there');
  await page.locator('#pass-card-password').fill(WRONG_PASSWORD);
  await press('#pass-card-sign');
  await page.locator('#password-err').waitFor();
  await snap(page, 'agent-wrong-password');
  await page.locator('#pass-card-password').fill(card.signature_password);
  // With the four digits beside it the card signs her in from then on.
  await page.locator('#pass-card-pin').fill(card.pin);
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
    expect(pagesSince(from).length === 0, `pages at the second login: ${pagesSince(from)}`);
    await other.close();
  });

  await test('cap_19_a_claim_above_the_ceiling_is_not_given', async () => {
    const [verifier, state] = [randomBytes(32).toString('base64url'), randomBytes(9).toString('base64url')];
    const found = await (await fetch(`${line.issuer}/.well-known/openid-configuration`)).json();
    const asked = new URL(found.authorization_endpoint);
    asked.search = new URLSearchParams({
      response_type: 'code', client_id: client.client_id, redirect_uri: client.redirect_uris[0], scope: client.scope, state, prompt: 'consent',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256',
      claims: JSON.stringify({ userinfo: { name: { essential: true }, birthdate: null }, id_token: { address: null } }),
    });
    const callback = url => url.href.startsWith(client.redirect_uris[0]);
    await page.route(callback, route => route.fulfill({ contentType: 'text/html', body: '<p>back</p>' }));
    await page.goto(asked.href);
    await page.locator('#pass-consent-form').waitFor();
    const shown = await page.locator('[id^=pass-consent-item-]').evaluateAll(all => all.map(one => one.id.replace('pass-consent-item-', '')));
    expect(!(await page.locator('main').innerText()).includes('内容が変わりました'), 'nothing has changed');
    expect(!shown.some(name => ['name', 'birthdate', 'address'].includes(name)), `the page shows ${shown}`);
    await snap(page, 'consent-asked-too-much');
    await press('#pass-consent-allow');
    await page.waitForURL(callback);
    const answer = new URL(page.url()).searchParams;
    expect(answer.get('state') === state, 'another state came back');
    const tokens = await (await fetch(found.token_endpoint, {
      method: 'POST', headers: { authorization: `Basic ${Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'authorization_code', code: answer.get('code'), redirect_uri: client.redirect_uris[0], code_verifier: verifier }),
    })).json();
    const userinfo = await (await fetch(found.userinfo_endpoint, { headers: { authorization: `Bearer ${tokens.access_token}` } })).json();
    expect(JSON.stringify(claims({ userinfo })) === JSON.stringify(RESIDENCE), `it got ${claims({ userinfo })}`);
    const idToken = JSON.parse(Buffer.from(tokens.id_token.split('.')[1], 'base64url'));
    expect(!('address' in idToken), 'the ID token has an address');
    await page.unroute(callback);
  });

  await test('cap_20_a_resident_of_the_next_city_is_no_resident_here', async () => {
    const ken = line.residents.find(one => one.login_id === 'ken');
    const other = await visitor(browser);
    await other.page.goto(library);
    await other.page.locator('#rp-login').click();
    await other.page.locator('#pass-login-id').fill(ken.login_id);
    await other.page.locator('#pass-login-secret').fill(ken.login_secret);
    await other.page.locator('#pass-login-submit').click();
    await other.page.locator('#pass-consent-form').waitFor();
    await snap(other.page, 'consent-next-city');
    await other.page.locator('#pass-consent-allow').click();
    await other.page.locator('#rp-claims').waitFor();
    await snap(other.page, 'library-next-city');
    const { userinfo } = await (await other.page.request.get(`${library}/last.json`)).json();
    expect(userinfo?.is_resident === false && userinfo?.residence_city_code === '172031' && userinfo?.age_over_18 === true, 'a resident of Komatsu');
    requests.push(...other.requests);
    await other.context.close();
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
    // The other way in: a photo, here one with two drawn people, which nobody can be enrolled from.
    if (process.env.CAMERA) {
      await page.locator('details summary').click();
      await page.locator('#pass-face-photo').setInputFiles(join(dirname(process.env.CAMERA), 'two.jpg'));
      await press('#pass-face-send');
      await page.locator('#pass-face-hint').waitFor({ timeout: 60000 });
      await snap(page, 'me-face-two-people');
    }
    await press('[data-start]');
    await page.locator('[data-shoot]').waitFor({ state: 'visible' });
    await snap(page, 'me-face-live', { fullPage: false, sight: '[data-shoot]' });
    await press('[data-shoot]');
    await page.locator('#pass-face-registered').waitFor({ timeout: 60000 });
    await snap(page, 'me-face-done');
  });

  await test('cap_53_the_loan_limit_asks_for_her_face', async () => {
    const before = (await last(library)).id_token;
    expect(before?.acr === 'aal2' && !before?.amr?.includes('face'), `before: ${before?.acr} ${before?.amr}`);
    await page.goto(library);
    const from = requests.length;
    await press('#rp-raise-limit');
    await page.locator('form[data-camera]').waitFor({ state: 'visible' });
    await snap(page, 'step-up-face');
    await press('[data-start]');
    await page.locator('[data-shoot]').waitFor({ state: 'visible' });
    await press('[data-shoot]');
    await arrive(library);
    await page.locator('#rp-claims').waitFor();
    await snap(page, 'library-limit-raised');
    const request = requests.slice(from).find(one => new URL(one.url).pathname === '/authorize');
    expect(new URL(request?.url ?? library).searchParams.get('acr_values') === 'aal2-face', 'the library did not ask for a face');
    expect(JSON.stringify(pagesSince(from)) === '["face"]', `pages on the way: ${pagesSince(from)}`);
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

  atReception = process.env.CAMERA ? await reception({ browser, line, page, snap, test }) : undefined;

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
    await page.goto(`${line.issuer}/me/facilities`);
    await snap(page, 'me-facilities-ended');
  });

  await test('cap_64_the_rest_of_her_pages', async () => {
    for (const name of ['passkeys', 'activity']) {
      await page.goto(`${line.issuer}/me/${name}`);
      await snap(page, `me-${name}`);
    }
    const lines = await page.locator('main').innerText();
    expect(lines.includes('加賀市立図書館') && lines.includes('子育て支援センター'), 'the history names no facility');
  });

  await test('cap_62_the_passkey_offered_in_the_mail_field_signs_her_in', async () => {
    await page.goto(kosodate);
    await press('#rp-logout');
    await page.locator('#rp-login').waitFor();
    await page.goto(library);
    // Nothing is pressed on the sign-in page: conditional mediation answers.
    await press('#rp-login');
    await page.locator('#pass-consent-form').waitFor({ timeout: 20000 });
    await snap(page, 'consent-again');
    await press('#pass-consent-deny');
    await arrive(library);
    await snap(page, 'library-declined');
    expect(await page.locator('#rp-error-code').innerText() === 'access_denied', 'declining is access_denied');
    await press('#rp-login');
    await page.locator('#pass-consent-form').waitFor();
    await press('#pass-consent-allow');
    await page.locator('#rp-claims').waitFor();
    expect((await last(library)).id_token?.acr === 'aal2', 'a passkey is aal2');
  });

  await test('cap_49_she_signs_out', async () => {
    await page.goto(`${line.issuer}/me`);
    await page.locator('a[href="/session/end"]').click();
    await page.locator('#pass-logout-form').waitFor();
    await snap(page, 'sign-out');
    await press('#pass-logout-confirm');
    await at('/session/ended');
    await snap(page, 'signed-out');
  });

  await test('cap_62_the_passkey_button_signs_her_in', async () => {
    await page.addInitScript(() => { PublicKeyCredential.isConditionalMediationAvailable = async () => false; });
    await page.goto(library);
    await press('#rp-logout');
    await page.locator('#rp-login').waitFor();
    await press('#rp-login');
    await at('/login');
    await press('#passkey-button');
    await page.locator('#pass-consent-form').waitFor();
    await press('#pass-consent-allow');
    await page.locator('#rp-claims').waitFor();
    expect((await last(library)).id_token?.acr === 'aal2', 'a passkey is aal2');
    expect((await device.credentials())[0]?.signCount > 1, 'the counter of the passkey did not move');
  });

  /// At the agent that a sign-in led to: the card, once a wrong PIN if there is one to spoil, and the secret.
  const signAtAgent = async (who, field, secret, names, wrong) => {
    await who.waitForURL(url => url.href.startsWith(origin(line.agent)), { timeout: 30000 });
    if (await who.locator('#pass-card-place').count()) {
      await who.locator('#pass-card-sample').selectOption(card.card);
      await who.locator('#pass-card-place').click();
      await who.waitForLoadState();
    }
    await who.locator(field).waitFor();
    await snap(who, names[0]);
    if (wrong) {
      await who.locator(field).fill(wrong);
      await who.locator('#pass-card-sign').click();
      await who.locator('.err').first().waitFor();
      await snap(who, names[1]);
    }
    await who.locator(field).fill(secret);
    await who.locator('#pass-card-sign').click();
    await who.waitForURL(url => !url.href.startsWith(origin(line.agent)), { timeout: 30000 });
  };

  await test('cap_62_the_card_signs_her_in', async () => {
    const other = await browser.newContext({ locale: 'ja-JP' });
    const who = await other.newPage();
    await who.goto(library);
    await who.locator('#rp-login').click();
    await who.locator('a[href$="/card"]').click();
    await who.locator('#pass-card-pin-go').waitFor();
    await snap(who, 'card-sign-in');
    await who.locator('#pass-card-pin-go').click();
    await signAtAgent(who, '#pass-card-pin', card.pin, ['agent-login', 'agent-login-wrong'], card.pin === '9999' ? '0000' : '9999');
    await who.locator('#pass-consent-form').waitFor();
    await who.locator('#pass-consent-allow').click();
    await who.locator('#rp-claims').waitFor();
    const given = await (await who.request.get(`${library}/last.json`)).json();
    expect(given.id_token?.acr === 'aal2', `acr ${given.id_token?.acr}`);
    await who.goto(`${line.issuer}/me/passkeys`);
    await who.locator('#pass-card-remove').waitFor();
    await snap(who, 'me-ways-with-card');
    await other.close();
  });

  await test('cap_62_a_lost_phone_is_no_lost_account', async () => {
    const began = Date.now();
    const other = await browser.newContext({ locale: 'ja-JP' });
    const who = await other.newPage();
    await who.goto(`${line.issuer}/me`);
    await who.locator('a[href$="/card"]').click();
    await who.locator('#pass-card-signature-go').click();
    await signAtAgent(who, '#pass-card-password', card.signature_password, ['agent-recovery']);
    await who.waitForURL(url => url.pathname === '/me/passkeys', { timeout: 20000 });
    await snap(who, 'me-back-by-card');
    expect(Date.now() - began < 120000, 'she was not back in two minutes');
    await other.close();
  });

  await test('cap_06_a_childs_card_is_read_with_four_digits', async () => {
    const child = line.virtual_cards.find(one => one.name === 'child');
    expect(child, 'the demo has no card of a child');
    await page.goto(`${line.issuer}/me/family`);
    await page.locator('#pass-family-add').waitFor();
    await snap(page, 'me-family-empty');
    await press('#pass-family-add');
    await arrive(origin(line.agent));
    await page.locator('#pass-card-sample').selectOption('child');
    await press('#pass-card-place');
    await page.waitForLoadState();
    await snap(page, 'agent-child');
    await page.locator('#pass-card-pin').fill('0000');
    await press('#pass-card-sign');
    await page.locator('#pin-err').waitFor();
    await page.locator('#pass-card-pin').fill(child.text_pin);
    await press('#pass-card-sign');
    await at('/me/family/return');
    await snap(page, 'me-family-confirm');
    await page.locator('input[name=kind][value=parent]').check();
    await page.locator('#pass-family-declare').check();
    await press('#pass-family-keep');
    await page.locator('#pass-family-added').waitFor();
    await snap(page, 'me-family');
  });

  await test('cap_62_a_card_that_nobody_knows_gets_a_page_with_ways', async () => {
    const other = await browser.newContext({ locale: 'ja-JP' });
    const who = await other.newPage();
    await who.goto(`${line.issuer}/me`);
    await who.locator('a[href$="/card"]').click();
    await who.locator('#pass-card-pin-go').click();
    const stranger = line.virtual_cards.find(one => one.name === 'expired') ?? line.virtual_cards[0];
    await who.waitForURL(url => url.href.startsWith(origin(line.agent)), { timeout: 30000 });
    await who.locator('#pass-card-sample').selectOption(stranger.name);
    await who.locator('#pass-card-place').click();
    await who.waitForLoadState();
    await who.locator('#pass-card-pin').fill(stranger.pin);
    await who.locator('#pass-card-sign').click();
    await who.locator('#pass-card-refused-code').waitFor();
    await snap(who, 'card-refused-at-sign-in');
    await other.close();
  });

  await byApp({ browser, line, snap, test });
} catch { /* the part has said why */ }

const wire = await ear.heard();
await test('cap_09_no_password_of_a_card_reached_the_issuer', async () => {
  noCardSecrets(line, requests, wire, [WRONG_PASSWORD]);
}).catch(() => {});
await test('cap_49_headers_and_cookies_of_the_issuer', () => headersAndCookies(line, responses, context)).catch(() => {});
await test('cap_49_another_site_can_neither_post_nor_frame', () => otherSites(line, context)).catch(() => {});

await browser.close();
const violations = seen.reduce((sum, one) => sum + one.violations, 0);
console.log(JSON.stringify({ ok: faults.length === 0, parts, pages: new Set(seen.map(one => one.name)).size, axe_runs: seen.length, axe_violations: violations, reception_seconds: atReception, requests: requests.length, bytes_heard: wire?.length ?? 0, faults, shots: folder }));
process.exitCode = faults.length ? 1 : 0;
