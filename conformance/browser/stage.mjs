// What every story in a browser needs: Chromium with a passkey device and a fake camera, pictures of each page with
// axe beside them, and a record of every request.
import { createRequire } from 'node:module';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const WIDTHS = [[390, 844], [1180, 820]];

export const faults = [];
export const fault = words => { faults.push(words); console.error(`  ✗ ${words}`); };
export const expect = (truth, words) => { if (!truth) fault(words); return truth; };

/// How Chromium is started; a camera that shows the y4m file where there is one.
export function options(camera, more = []) {
  const args = [
    '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic', '--no-first-run', '--lang=ja',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
    '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', ...more,
  ];
  if (camera) args.push(`--use-file-for-fake-video-capture=${camera}`);
  return {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args,
    env: { ...process.env, LANGUAGE: 'ja', LANG: 'ja_JP.UTF-8' },
  };
}

/// Chromium.
export const launch = camera => chromium.launch(options(camera));

/// A context, its page, and everything that page asked of anybody.
export async function visitor(browser) {
  const context = await browser.newContext({ viewport: { width: 1180, height: 820 }, locale: 'ja-JP', timezoneId: 'Asia/Tokyo', reducedMotion: 'reduce' });
  const page = await context.newPage();
  const requests = [];
  context.on('request', request => requests.push({
    url: request.url(), method: request.method(), headers: request.headers(), body: request.postDataBuffer()?.toString('latin1') ?? '',
    navigation: request.isNavigationRequest(),
  }));
  page.on('console', message => { if (message.type() === 'error' && !/favicon|status of 4\d\d|ERR_INTERNET_DISCONNECTED/.test(message.text())) fault(`console of ${page.url()}: ${message.text()}`); });
  page.on('pageerror', error => fault(`script of ${page.url()}: ${error.message}`));
  return { context, page, requests };
}

/// A passkey device: CTAP2, built in, resident keys, user verification given.
export async function authenticator(context, page) {
  const cdp = await context.newCDPSession(page);
  await cdp.send('WebAuthn.enable', { enableUI: false });
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    verified: isUserVerified => cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
    credentials: async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    // Conditional UI answers by itself; a story that wants to press a button switches presence off meanwhile.
    present: enabled => cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled }),
  };
}

/// A picture of the present page at both widths, and axe at both.
export function camera(folder) {
  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(folder).filter(name => name.endsWith('.png'))) rmSync(join(folder, old));
  let number = 0;
  const seen = [];
  const pages = [];
  const snap = async (page, name, { fullPage = true, sight } = {}) => {
    number += 1;
    const before = page.viewportSize();
    for (const [width, height] of WIDTHS) {
      await page.setViewportSize({ width, height });
      await page.evaluate(() => scrollTo(0, 0));
      if (sight) await page.locator(sight).evaluate(one => one.scrollIntoView({ block: 'nearest' }));
      await page.screenshot({ path: join(folder, `${String(number).padStart(2, '0')}-${name}-${width}.png`), fullPage });
      if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
      const { violations } = await page.evaluate(tags => globalThis.axe.run(document, { runOnly: tags, resultTypes: ['violations'] }), TAGS);
      seen.push({ name, width, violations: violations.length });
      for (const one of violations) fault(`axe ${one.id} on ${name} at ${width}: ${one.nodes.map(node => node.target.join(' ')).slice(0, 3).join(' | ')}`);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(over <= 1, `${name} at ${width} is wider than the window by ${over} px`);
      expect(await page.locator('h1').count() === 1, `${name}: not exactly one h1`);
    }
    await page.setViewportSize(before);
    pages.push({ file: `${String(number).padStart(2, '0')}-${name}`, title: await page.locator('h1').innerText() });
    writeFileSync(join(folder, 'pages.json'), JSON.stringify(pages, null, 1));
  };
  return { snap, seen };
}

/// The parts of a story, each a test of its own with a name for the status page. One that fails ends the story.
export function story() {
  const parts = [];
  const test = async (name, body) => {
    const before = faults.length;
    const began = Date.now();
    let broken;
    try { await body(); } catch (why) { broken = why; fault(`${name}: ${why.message.split('\n').slice(0, 6).join(' ')}`); }
    parts.push({ name, ok: faults.length === before, seconds: Math.round((Date.now() - began) / 100) / 10 });
    console.error(`${faults.length === before ? '✓' : '✗'} ${name}`);
    if (broken) throw broken;
  };
  return { test, parts };
}
