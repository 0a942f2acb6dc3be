// The part of the story with a phone: デジタル認証アプリ, in place of which the demo's stand-in answers.
import { expect, visitor } from './stage.mjs';

/// Proofed by the app, then signed in by it in another browser; a wrong PIN, a no, and a used way back.
export async function byApp({ browser, line, snap, test }) {
  const phone = line.virtual_cards.find(one => one.name === 'user0');
  const resident = line.residents.find(one => one.login_id === 'user9');
  const atService = page => page.waitForURL(url => url.href.startsWith(line.national), { timeout: 20000 });
  const atPass = page => page.waitForURL(url => url.href.startsWith(line.issuer), { timeout: 20000 });

  /// From a page with the way to the app to the stand-in's page.
  const leave = async (page, name) => {
    await page.locator('a[href^="/federation/aas/start"]').first().click();
    await page.locator('#pass-app-go').waitFor();
    if (name) await snap(page, name);
    await page.locator('#pass-app-go').click();
    await atService(page);
  };

  /// The sample card and its PIN.
  const tell = async (page, pin) => {
    await page.locator('#pass-card-sample').selectOption(phone.name);
    await page.locator('#pass-counterpart-pin').fill(pin);
    await page.locator('#pass-counterpart-go').click();
  };

  await test('cap_04_she_is_proofed_by_the_app', async () => {
    const { context, page, requests } = await visitor(browser);
    await page.goto(`${line.issuer}/me/card`);
    await page.locator('#pass-login-id').fill(resident.login_id);
    await page.locator('#pass-login-secret').fill(resident.login_secret);
    await page.locator('#pass-login-submit').click();
    await page.locator('a[href^="/federation/aas/start"]').waitFor();
    await snap(page, 'app-beside-the-card');
    await leave(page, 'app-start');
    await snap(page, 'app-stand-in');
    expect((await page.locator('main').innerText()).includes('デジタル庁'), 'the stand-in does not say what it is not');
    await page.locator('#pass-counterpart-cancel').click();
    await atPass(page);
    expect(await page.locator('#pass-app-refused-code').innerText() === 'app_denied', 'a no is no app_denied');
    await snap(page, 'app-said-no');
    await page.locator('a[href^="/federation/aas/start"]').first().click();
    await page.locator('#pass-app-go').click();
    await atService(page);
    await tell(page, phone.pin === '0000' ? '1111' : '0000');
    await page.locator('#pin-err').waitFor();
    await snap(page, 'app-wrong-pin');
    const from = requests.length;
    await tell(page, phone.pin);
    await page.locator('#pass-card-keep').waitFor();
    await snap(page, 'app-told');
    const back = requests.slice(from).find(one => new URL(one.url).pathname === '/federation/aas/callback');
    expect(back && !back.url.includes(phone.pin), 'no way back was seen');
    const issuer = requests.filter(one => one.url.startsWith(line.issuer));
    expect(!issuer.some(one => new URLSearchParams(one.body).get('pin')), 'a PIN went to the issuer');
    await page.locator('#pass-card-keep').click();
    await page.waitForURL(url => url.pathname.startsWith('/me'), { timeout: 20000 });
    await page.goto(`${line.issuer}/me`);
    await snap(page, 'me-by-app');
    await page.goto(back.url);
    await page.locator('#pass-app-refused-code').waitFor();
    await snap(page, 'app-used-up');
    await context.close();
  });

  await test('cap_04_the_app_signs_her_in', async () => {
    const { context, page } = await visitor(browser);
    await page.goto(line.relying_parties.library);
    await page.locator('#rp-login').click();
    await page.locator('a[href^="/federation/aas/start"]').waitFor();
    await leave(page, 'app-start-sign-in');
    await snap(page, 'app-stand-in-sign-in');
    await tell(page, phone.pin);
    await page.locator('#pass-consent-form').waitFor();
    expect(await page.locator('#pass-consent-by-app').count() === 1, 'the consent page does not say who told');
    await snap(page, 'consent-by-app');
    await page.locator('#pass-consent-allow').click();
    await page.locator('#rp-claims').waitFor();
    const { id_token, userinfo } = await (await page.request.get(`${line.relying_parties.library}/last.json`)).json();
    expect(id_token?.acr === 'aal2', `acr ${id_token?.acr}`);
    expect(!id_token?.amr?.includes('hwk'), `amr ${id_token?.amr}`);
    expect(userinfo?.age_over_18 === true, 'the library does not know her age');
    await context.close();
  });

  await test('cap_04_who_was_never_bound_does_not_get_in', async () => {
    const { context, page } = await visitor(browser);
    await page.goto(`${line.issuer}/me`);
    await leave(page);
    await page.locator('#pass-card-sample').selectOption('elder');
    await page.locator('#pass-counterpart-pin').fill(line.virtual_cards.find(one => one.name === 'elder').pin);
    await page.locator('#pass-counterpart-go').click();
    await page.locator('#pass-app-refused-code').waitFor();
    expect(await page.locator('#pass-app-refused-code').innerText() === 'app_not_bound', 'a stranger is no app_not_bound');
    await snap(page, 'app-not-bound');
    await context.close();
  });
}
