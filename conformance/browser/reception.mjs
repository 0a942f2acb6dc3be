// The part of the story at the entrance: a device is paired in Manager, she turns reception by face on, and is received; both sides are
// looked at, and the seconds are printed.
import { expect, visitor } from './stage.mjs';

/// `page`: hers, signed in, with a face, and sharing with the child-care centre.
export async function reception({ browser, line, page, snap, test }) {
  const kiosk = `${line.issuer}/kiosk/kosodate`;
  const seconds = {};
  let staff, device;

  /// Until something stands on a page; gives the milliseconds.
  const until = async (from, where, selector, timeout = 10000) => {
    await where.locator(selector).first().waitFor({ timeout });
    return Date.now() - from;
  };

  /// The card with the answer goes after five seconds: a touch keeps it.
  const held = async (where, look) => {
    await where.evaluate(() => { globalThis.hold = setInterval(() => dispatchEvent(new Event('pointerdown')), 500); });
    await look();
    await where.evaluate(() => clearInterval(globalThis.hold));
  };

  await test('cap_38_a_device_is_paired_in_manager', async () => {
    staff = (await visitor(browser)).page;
    await staff.goto(`${line.issuer}/manager/sign-in`);
    await staff.locator('button[name=staff]').filter({ hasText: '子育て支援センター' }).first().click();
    await staff.waitForURL(url => url.pathname === '/manager');
    await staff.goto(`${line.issuer}/manager/terminals`);
    await staff.locator('#mgr-terminal-add input[name=name]').fill('正面玄関');
    await staff.locator('#mgr-terminal-add button[value=add]').click();
    const code = await staff.locator('#mgr-pairing-code').innerText();
    expect((await staff.locator('#mgr-pairing-address').innerText()) === kiosk, 'Manager names another address');
    await snap(staff, 'manager-pairing-code');
    device = (await visitor(browser)).page;
    await device.goto(kiosk);
    await snap(device, 'kiosk-pair');
    await device.locator('#pass-kiosk-code').fill('2345-6789');
    await device.locator('#pass-kiosk-pair-go').click();
    await device.locator('#pass-kiosk-pair-error').waitFor({ state: 'visible' });
    await device.locator('#pass-kiosk-code').fill(code.toLowerCase());
    await device.locator('#pass-kiosk-pair-go').click();
    await device.locator('#pass-kiosk-call').waitFor();
    await snap(device, 'kiosk-idle');
    const leaves = await device.evaluate(() => [...document.links].map(one => new URL(one.href).pathname).filter(path => !path.startsWith('/kiosk/') && !path.startsWith('#')));
    expect(leaves.every(path => path === location.pathname) || leaves.length === 0, `the device leads to ${leaves}`);
  });

  await test('cap_24_she_is_received_by_face_and_staff_see_it_at_once', async () => {
    // Nobody is found before she turned it on.
    await device.locator('#pass-kiosk-face').click();
    await device.locator('#pass-kiosk-again').waitFor({ state: 'visible', timeout: 60000 });
    await snap(device, 'kiosk-not-found');
    await device.locator('[data-part=camera] [data-back]').click();
    await page.goto(`${line.issuer}/me/face`);
    await page.locator('li').filter({ hasText: '子育て支援センター' }).filter({ has: page.locator('input[value=reception-on]') }).locator('button').click();
    await page.locator('#pass-reception-done').waitFor();
    await snap(page, 'me-face-reception');
    await staff.goto(`${line.issuer}/manager/visits`);
    await staff.locator('button[data-live-pause]').waitFor();
    const began = Date.now();
    await device.locator('#pass-kiosk-face').click();
    await device.locator('[data-part=result]').waitFor({ state: 'visible', timeout: 60000 });
    const answered = Date.now();
    seconds.from_touch_to_answer = (answered - began) / 1000;
    seconds.until_manager_shows_it = (await until(answered, staff, '#live tbody tr')) / 1000;
    expect(seconds.until_manager_shows_it < 2, `Manager showed the visit after ${seconds.until_manager_shows_it} s`);
    expect((await device.locator('#pass-kiosk-say').innerText()).includes('受け付けました'), 'the device does not say that she is received');
    expect((await device.locator('#pass-kiosk-class').innerText()) === '市内', 'she lives in the city');
    const name = await device.locator('#pass-kiosk-name').innerText();
    expect(/○ さん$/.test(name), `the name is not masked: ${name}`);
    await held(device, () => snap(device, 'kiosk-received'));
    await device.locator('#pass-kiosk-face').waitFor({ state: 'visible', timeout: 8000 });
    await snap(staff, 'manager-visits');
  });

  await test('cap_24_the_camera_sleeps_when_she_goes_back_before_it_woke_up', async () => {
    const tracks = await device.evaluateHandle(() => {
      const [real, seen] = [navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices), []];
      navigator.mediaDevices.getUserMedia = async wish => {
        await new Promise(done => setTimeout(done, 600));
        const stream = await real(wish);
        seen.push(...stream.getTracks());
        return stream;
      };
      return seen;
    });
    await device.locator('#pass-kiosk-face').click();
    await device.locator('[data-part=camera] [data-back]').click();
    await device.waitForFunction(seen => seen.length > 0, tracks);
    await device.waitForTimeout(300);
    expect(await tracks.evaluate(seen => seen.every(track => track.readyState === 'ended')), 'the camera is on while nobody is shown');
    expect(await device.locator('#pass-kiosk-face').isVisible(), 'the device is not idle');
  });

  await test('cap_29_a_call_that_cannot_be_delivered_says_so_and_is_tried_again', async () => {
    await device.context().setOffline(true);
    await device.locator('#pass-kiosk-call').click();
    await device.locator('#pass-kiosk-say').filter({ hasText: '呼べませんでした' }).waitFor();
    expect(!(await device.locator('#pass-kiosk-wait').isVisible()), 'somebody is told to wait for nobody');
    await snap(device, 'kiosk-uncalled');
    await device.context().setOffline(false);
    await device.locator('#pass-kiosk-say').filter({ hasText: 'スタッフを呼びました' }).waitFor({ timeout: 8000 });
    await staff.locator('#mgr-calls button[name=call]').click();
    await staff.locator('#mgr-calls').waitFor({ state: 'detached' });
    await device.locator('#pass-kiosk-say').filter({ hasText: '係の者がうかがいます' }).waitFor({ timeout: 8000 });
    await snap(device, 'kiosk-coming');
    await device.locator('[data-part=waiting] [data-back]').click();
  });

  await test('cap_29_a_call_for_staff_stands_in_manager_at_once', async () => {
    const called = Date.now();
    await device.locator('#pass-kiosk-call').click();
    seconds.until_manager_shows_the_call = (await until(called, staff, '#mgr-calls')) / 1000;
    expect(seconds.until_manager_shows_the_call < 2, `Manager showed the call after ${seconds.until_manager_shows_the_call} s`);
    await snap(device, 'kiosk-called');
    await snap(staff, 'manager-call');
    await staff.locator('#mgr-calls button[name=call]').click();
    await staff.locator('#mgr-calls').waitFor({ state: 'detached' });
    // Out of service: the device says so by itself.
    await staff.goto(`${line.issuer}/manager/terminals`);
    await staff.locator('a[href*="stop="]').first().click();
    await staff.locator('#mgr-revoke').waitFor();
    await snap(staff, 'manager-stop-device');
    await staff.locator('#mgr-revoke button[value=revoke]').click();
    await device.locator('[data-part=waiting] [data-back]').click();
    await device.locator('#pass-kiosk-face').click();
    await device.locator('#pass-kiosk-stopped').waitFor({ timeout: 20000 });
    await snap(device, 'kiosk-stopped');
    // And is paired again on that very page.
    await staff.locator('#mgr-terminal-add input[name=name]').fill('正面玄関');
    await staff.locator('#mgr-terminal-add button[value=add]').click();
    const code = await staff.locator('#mgr-pairing-code').innerText();
    await device.locator('#pass-kiosk-pair summary').click();
    await device.locator('#pass-kiosk-code').fill(code);
    await device.locator('#pass-kiosk-pair-go').click();
    await device.locator('#pass-kiosk-face').waitFor();
    await snap(device, 'kiosk-idle-again');
  });
  console.error(`  reception: ${JSON.stringify(seconds)}`);
  return seconds;
}
