// The layout gate: opens every sample page in Chromium and applies axe and our own rules.
//
//   cargo run -p pass-web --example gallery -- FOLDER
//   node gallery.mjs FOLDER [--shots DIR] [--only PAGE[,PAGE]] [--lang ja,easy,en] [--shots-only] [--full]
//
// Ordinary widths are 390, 768 and 1180 px, light and dark; at 320 px nothing may scroll sideways. The first sample of
// a page is seen at all of them in both schemes, its other cases at 320 and 390 (everywhere with --full). The pages are
// served with the very policy their headers carry, so that a page that breaks its own policy fails here.
import { createServer } from 'node:http';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const [folder, ...rest] = process.argv.slice(2);
if (!folder) throw new Error('usage: node gallery.mjs FOLDER [--shots DIR] [--only PAGES] [--lang LANGS] [--shots-only]');
const option = name => (rest.includes(name) ? rest[rest.indexOf(name) + 1] : undefined);
const shots = option('--shots'), only = option('--only')?.split(','), langs = option('--lang')?.split(',');
const rulesToo = !rest.includes('--shots-only'), full = rest.includes('--full');

const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'));
const samples = index.filter(s => (!only || only.includes(s.page)) && (!langs || langs.includes(s.lang)));
const TYPES = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.svg': 'image/svg+xml', '.js': 'text/javascript' };
const server = createServer((req, res) => {
  const path = decodeURIComponent(new URL(req.url, 'http://x').pathname).replaceAll('..', '');
  const sample = index.find(s => `/${s.file}` === path);
  try {
    const headers = { 'content-type': TYPES[extname(path)] ?? 'text/plain' };
    if (sample) headers['content-security-policy'] = sample.policy;
    // The form of form_post would send itself away.
    const body = path.endsWith('/form-post.js') ? '' : readFileSync(join(folder, path));
    res.writeHead(200, headers).end(body);
  } catch { res.writeHead(404).end(); }
}).listen(0, '127.0.0.1');
await new Promise(ready => server.once('listening', ready));
const base = `http://127.0.0.1:${server.address().port}`;

// Runs inside the page: our own rules, each broken one as a sentence.
function rules({ ids, desk }) {
  const bad = [], shown = e => e.checkVisibility({ visibilityProperty: true }) && !e.closest('.hide, .skip');
  const name = e => `${e.tagName.toLowerCase()} "${(e.textContent || e.name || '').trim().slice(0, 24)}"`;
  const over = document.documentElement.scrollWidth - innerWidth;
  if (over > 1) {
    const wide = [...document.querySelectorAll('body *')].find(e => shown(e) && e.getBoundingClientRect().right > innerWidth + 1);
    bad.push(`wider than the window by ${over} px: ${wide ? name(wide) : '?'}`);
  }
  if (document.querySelectorAll('h1').length !== 1) bad.push('not exactly one h1');
  if (document.querySelector('[style], style, script:not([src])')) bad.push('inline style or script');
  for (const e of document.querySelectorAll('*')) for (const a of e.attributes) if (a.name.startsWith('on')) bad.push(`handler ${a.name}`);
  for (const id of ids) if (document.querySelectorAll(`[id="${id}"]`).length !== 1) bad.push(`id ${id} missing or twice`);
  for (const e of document.querySelectorAll('a, button, select, summary, input:not([type=hidden]), textarea')) {
    if (!shown(e)) continue;
    const label = e.closest('label'), box = (label && /checkbox|radio|file/.test(e.type) ? label : e).getBoundingClientRect();
    const inText = e.matches('p a, dd a') && getComputedStyle(e).display.startsWith('inline') && !e.matches('.btn, .tap');
    if (!inText && (box.height < 43.5 || box.width < 43.5)) bad.push(`target ${Math.round(box.width)}x${Math.round(box.height)} ${name(e)}`);
    if (box.right > innerWidth + 1) bad.push(`cut off at the right: ${name(e)}`);
  }
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !shown(e) || e.closest('rt, svg, code, pre, .code')) continue;
    const px = parseFloat(getComputedStyle(e).fontSize);
    if (px < (desk ? 14 : 16) - .1) bad.push(`text ${px} px ${name(e)}`);
  }
  return [...new Set(bad)];
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  env: { ...process.env, LANGUAGE: 'ja', LANG: 'ja_JP.UTF-8' },
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--lang=ja'],
});
let faults = 0, runs = 0, made = 0;
const seen = new Set();
const report = (where, list) => list.forEach(text => {
  faults++;
  if (!seen.has(text + where.split(' ')[0])) console.log(`${where}: ${text}`);
  seen.add(text + where.split(' ')[0]);
});
const SIZES = [[320, 640], [390, 844], [768, 1024], [1180, 820]];
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
if (shots) mkdirSync(shots, { recursive: true });

const titles = new Map();
for (const dark of [false, true]) {
  const context = await browser.newContext({ colorScheme: dark ? 'dark' : 'light', locale: 'ja-JP', reducedMotion: 'reduce' });
  const page = await context.newPage();
  let where = '';
  page.on('console', message => {
    if (message.type() === 'error' && /Content Security Policy|Uncaught|SyntaxError/.test(message.text())) report(where, [message.text()]);
  });
  page.on('pageerror', error => report(where, [String(error)]));
  // A page that goes on by itself (signing out) stays where it is: an answer of 204 ends a navigation without leaving.
  let wanted = '';
  await page.route(url => url.origin !== base || url.href !== wanted, route => {
    const request = route.request();
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) return route.fulfill({ status: 204 });
    return new URL(request.url()).origin === base ? route.continue() : route.abort();
  });
  for (const sample of samples) {
    const first = sample.case === 'ordinary' || !samples.some(s => s.page === sample.page && s.case === 'ordinary');
    if (dark && !first && !full) continue;
    const path = `${base}/${sample.file}`;
    for (const [width, height] of dark ? SIZES.slice(-1) : first || full ? SIZES : SIZES.slice(0, 2)) {
      where = `${sample.file} ${width}${dark ? ' dark' : ''}`;
      await page.setViewportSize({ width, height });
      wanted = path;
      await page.goto(path);
      if (page.url() !== path) { report(where, [`left for ${page.url()}`]); continue; }
      if (!dark && width === 390) {
        const title = await page.title(), key = `${sample.lang} ${title}`;
        const other = titles.get(key);
        if (other && other !== sample.page) report('titles', [`${title}: ${other} and ${sample.page}`]);
        titles.set(key, sample.page);
      }
      if (rulesToo) {
        report(where, await page.evaluate(rules, { ids: sample.ids, desk: sample.page.startsWith('desk') }));
        if (width !== 320) {
          await page.evaluate(axe);
          const found = await page.evaluate(tags => globalThis.axe.run(document, { runOnly: tags, resultTypes: ['violations'] }), TAGS);
          runs++;
          report(where, found.violations.map(v => `axe ${v.id}: ${v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(' | ')}`));
        }
      }
      if (shots && width !== 320) {
        const file = `${sample.file.slice(0, -5)}.${width}${dark ? '.dark' : ''}.png`;
        await page.screenshot({ path: join(shots, file), fullPage: true });
        made++;
      }
    }
  }
  await context.close();
}
await browser.close();
server.close();
console.log(`${samples.length} samples, ${runs} axe runs, ${made} screenshots, ${faults} faults`);
process.exitCode = faults || !samples.length ? 1 : 0;
