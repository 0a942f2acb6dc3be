// Residents and staff of an installation without the demo, in Chromium, over TLS that the browser trusts. Reads what it
// needs as JSON from its standard input; prints one JSON summary; exit 1 on any fault.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { authenticator, camera, expect, faults, launch, story, visitor } from '../browser/stage.mjs';

const given = JSON.parse(readFileSync(0, 'utf8'));
const { issuer, site, redirect, left } = given;
const email = `resident.${Date.now()}@example.jp`;
const browser = await launch();
const { context, page, requests } = await visitor(browser);
const device = await authenticator(context, page);
const { snap, seen } = camera(given.shots);
const { test, parts } = story();
const answers = [];
page.on('response', response => { if (response.url().startsWith(issuer)) answers.push(response); });

const at = path => page.waitForURL(url => url.pathname.endsWith(path), { timeout: 20000 });
const press = async selector => { await page.locator(selector).first().click(); };
const info = async () => (await page.request.get(`${redirect}?info=json`, { ignoreHTTPSErrors: true })).json();

async function codeFromMail() {
  for (let turn = 0; turn < 100; turn += 1) {
    const mails = readdirSync(given.mails).filter(name => name.endsWith('.json')).map(name => JSON.parse(readFileSync(join(given.mails, name), 'utf8')));
    const mail = mails.find(one => one.to.includes(email));
    if (mail) return { mail, code: mail.body.match(/(?<!\d)\d{6}(?!\d)/)?.[0] };
    await new Promise(done => setTimeout(done, 100));
  }
  throw new Error('no mail in ten seconds');
}

/// What the demo's form would send, from the page itself, with its own token.
const testForm = () => page.evaluate(async () => {
  const csrf = document.querySelector('[name=csrf]').value;
  const body = new URLSearchParams({ csrf, do: 'test', login: 'user0', secret: 'bench-password' });
  const answer = await fetch(location.href, { method: 'POST', body });
  return { status: answer.status, moved: answer.redirected };
});

try {
  await test('the page is protected and the issuer is trusted', async () => {
    await page.goto(`${site}/`);
    await at('/login');
    expect(page.url().startsWith(`${issuer}/`), `the site leads to ${new URL(page.url()).origin}`);
    await snap(page, 'sign-in');
  });

  await test('there is no test authenticator', async () => {
    expect(await page.locator('#pass-login-form, #pass-login-secret').count() === 0, 'the test form is on the sign-in page');
    const answer = await testForm();
    expect(answer.status >= 400 && answer.status < 500 && !answer.moved, `a post of the test form is answered ${answer.status}`);
    expect((await page.request.get(`${issuer}/dev/mail`, { ignoreHTTPSErrors: true })).status() === 404, 'there is an outbox page');
  });

  await test('cap_02_she_signs_up_by_a_mail_that_went_through_a_real_server', async () => {
    await page.locator('a[href*="sign-up"]').first().click();
    await at('/sign-up');
    await page.locator('#pass-mail-id').fill(email);
    await press('#pass-mail-submit');
    await at('/code');
    expect(await page.locator('a[href*="/dev/"]').count() === 0, 'the page of the code points at an outbox');
    const { mail, code } = await codeFromMail();
    expect(mail.from.includes('pass@kaga.example'), `the mail is from ${mail.from}`);
    await page.locator('#pass-code').fill(code);
    await press('#pass-code-submit');
    await at('/passkey');
  });

  await test('cap_62_she_makes_a_passkey_and_agrees', async () => {
    await page.locator('#passkey-form').waitFor({ state: 'visible' });
    await press('#passkey-button');
    await page.locator('#pass-consent-form').waitFor({ timeout: 20000 });
    const [made] = await device.credentials();
    expect(made?.isResidentCredential && made.rpId === 'localhost', 'no discoverable passkey for localhost');
    expect(await page.locator('#pass-consent-item-email').count() === 1, 'the consent page does not show the address');
    await snap(page, 'consent');
    await press('#pass-consent-allow');
  });

  await test('cap_49_mod_auth_openidc_lets_her_in_over_tls', async () => {
    await page.waitForURL(`${site}/`, { timeout: 20000 });
    expect(await page.locator('#email').innerText() === email, 'the page does not show her address');
    const said = await info();
    expect(said.id_token?.iss === issuer, `issuer ${said.id_token?.iss}`);
    expect(said.userinfo?.email === email && said.userinfo?.email_verified === true, 'userinfo holds another address');
    expect(said.userinfo?.sub && said.userinfo.sub === said.id_token?.sub, 'sub of ID token and userinfo');
    expect(said.id_token?.acr === 'aal2', `acr ${said.id_token?.acr}`);
    given.sub = said.userinfo?.sub;
  });

  await test('she signs out at the site and at the issuer', async () => {
    await page.goto(`${redirect}?logout=${encodeURIComponent(left)}`);
    await page.waitForLoadState('networkidle');
    if (await page.locator('#pass-logout-form').count()) {
      await snap(page, 'sign-out');
      await press('#pass-logout-confirm');
    }
    await page.waitForURL(left, { timeout: 20000 });
    await page.locator('#left').waitFor();
  });

  await test('cap_62_the_passkey_alone_brings_her_back_as_the_same_person', async () => {
    await device.present(false);
    await page.goto(`${site}/`);
    await at('/login');
    await page.locator('#passkey-form').waitFor({ state: 'visible' });
    await device.present(true);
    // Conditional UI may answer before the button is reached.
    await page.locator('#passkey-button').click({ timeout: 3000 }).catch(() => {});
    await page.locator('#pass-consent-form').waitFor({ timeout: 20000 });
    await press('#pass-consent-allow');
    await page.waitForURL(`${site}/`, { timeout: 20000 });
    const said = await info();
    expect(said.userinfo?.sub === given.sub && given.sub, 'another sub at the second login');
    expect(said.id_token?.acr === 'aal2', `acr ${said.id_token?.acr}`);
  });

  await test('cap_49_headers_and_cookies_over_tls', async () => {
    for (const cookie of await context.cookies(issuer)) {
      expect(cookie.secure && cookie.httpOnly && cookie.name.startsWith('__Host-'), `cookie ${cookie.name} is not bound to the host`);
    }
    expect((await context.cookies(issuer)).length > 0, 'no cookie at all');
    for (const response of answers) {
      expect(!/^http:/.test(response.headers().location ?? ''), `${new URL(response.url()).pathname} leads to plain http`);
      if (!/html/.test(response.headers()['content-type'] ?? '')) continue;
      expect(response.headers()['strict-transport-security'], `no HSTS on ${new URL(response.url()).pathname}`);
    }
  });

  await test('cap_44_the_first_member_of_staff_makes_a_passkey_and_sees_manager', async () => {
    const office = await visitor(browser);
    const key = await authenticator(office.context, office.page);
    await office.page.goto(given.invitation);
    await office.page.locator('#passkey-form').waitFor({ state: 'visible' });
    await snap(office.page, 'staff-invitation');
    await office.page.locator('#passkey-button').click();
    await office.page.waitForURL(`${issuer}/manager`, { timeout: 20000 });
    expect((await key.credentials()).length === 1, 'no passkey on the device of the staff');
    expect((await office.page.locator('body').innerText()).includes('加賀市文化会館'), 'Manager does not show the facility');
    await snap(office.page, 'manager');
    await office.page.goto(`${issuer}/manager/audit`);
    await snap(office.page, 'manager-audit');
    await office.page.goto(given.invitation);
    expect(await office.page.locator('#passkey-form').count() === 0, 'the invitation works twice');
    await office.page.goto(`${issuer}/manager`);
    await office.page.locator('form[action="/manager/sign-out"] button, [formaction="/manager/sign-out"]').first().click();
    await office.page.waitForURL(url => url.pathname.startsWith('/manager/sign-in'), { timeout: 20000 });
    expect(!(await office.page.locator('button[name=staff]').count()), 'the one click of the demo is on the sign-in page');
    await office.page.locator('#passkey-button').click();
    await office.page.waitForURL(`${issuer}/manager`, { timeout: 20000 });
    await office.context.close();
  });
} catch { /* the part has said why */ }

if (faults.length) await page.screenshot({ path: join(given.shots, 'last.png'), fullPage: true }).catch(() => {});
await browser.close();
const violations = seen.reduce((sum, one) => sum + one.violations, 0);
console.log(JSON.stringify({ ok: faults.length === 0, parts, axe_violations: violations, requests: requests.length, faults }));
process.exitCode = faults.length ? 1 : 0;
