/**
 * The operators' page with a large fleet: how long until the first page can be used, and what a burst of events does to
 * it. In Debian's Chromium, on the real API and Postgres; hosts and VMs are rows.
 *
 *   node bench/dashboard/main.ts [--vms N] [--rate EVENTS_PER_SECOND] [--seconds S]
 */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { launch, openTab, signIn } from '../../test/browser/chromium.ts';
import { startApi } from '../../test/support/api.ts';
import { addResets, fillFleet } from '../../test/support/large-fleet.ts';
import { makeImage } from '../../test/support/protocol-host.ts';

const { values } = parseArgs({
  options: {
    vms: { type: 'string', default: '20000' },
    rate: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '60' },
  },
});
const [vms, rate, seconds] = [Number(values.vms), Number(values.rate), Number(values.seconds)];
const ROUNDS = 5;
const BATCHES_PER_SECOND = 4;
const VMS_PER_HOST = 40;
/** How often the heap is looked at in a burst: one that grows goes on growing. */
const PARTS = 4;

execFileSync(resolve(import.meta.dirname, '../../script/build-dashboard'), { stdio: 'inherit' });
await using api = await startApi();
await fillFleet(api, await makeImage(api), { hosts: Math.ceil(vms / VMS_PER_HOST), vms });
const browser = await launch();
try {
  await using tab = await openTab(browser, api.url);
  await signIn(tab.page, api.adminToken);
  await firstPage(tab.page);
  for (const path of ['/', '/events']) await burst(tab.page, path);
} finally {
  await browser.close();
}

/** From the reload until the numbers and the first VMs are there and a click is answered. */
async function firstPage(page: Page): Promise<void> {
  const times = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const begun = performance.now();
    await page.goto('/');
    await page.getByRole('table', { name: 'VMs' }).getByRole('row').nth(1).waitFor();
    await page.getByText('VMs running').waitFor();
    await page.getByLabel('Phase').selectOption('failed');
    await page.getByRole('table', { name: 'VMs' }).getByRole('row', { name: 'failed' }).first().waitFor();
    times.push(performance.now() - begun);
  }
  times.sort((a, b) => a - b);
  const [least, middle, most] = [times[0], times[Math.floor(ROUNDS / 2)], times.at(-1)].map((time) =>
    Math.round(time ?? 0),
  );
  console.log(
    `first page with ${vms} VMs, until a filter chosen on it is answered: ${middle} ms (${least} to ${most} ms)`,
  );
}

async function burst(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.getByText('live', { exact: true }).first().waitFor();
  const heaps = [await heapMb(page)];
  let slowest = 0;
  let sent = 0;
  const begins = performance.now();
  for (let batch = 1; performance.now() < begins + seconds * 1_000; batch += 1) {
    const begun = performance.now();
    await addResets(api, rate / BATCHES_PER_SECOND, 1_000 + batch);
    sent += rate / BATCHES_PER_SECOND;
    if (batch % BATCHES_PER_SECOND === 0) slowest = Math.max(slowest, await answerMs(page));
    if (performance.now() > begins + (heaps.length * seconds * 1_000) / PARTS) heaps.push(await heapMb(page));
    await sleep(Math.max(0, 1_000 / BATCHES_PER_SECOND - (performance.now() - begun)));
  }
  heaps.push(await heapMb(page));
  const nodes = await page.evaluate('document.querySelectorAll("*").length');
  console.log(
    `${path}: ${sent} events in ${seconds} s; heap, from before to after, ${heaps.join(', ')} MB; ${nodes} elements; ` +
      `the page's slowest answer to a question ${Math.round(slowest)} ms`,
  );
}

/** Until the page has run what is asked of it and painted: what a person feels of a busy page. */
async function answerMs(page: Page): Promise<number> {
  return page.evaluate(
    `new Promise((resolve) => {
      const begun = performance.now();
      setTimeout(() => requestAnimationFrame(() => resolve(performance.now() - begun)));
    })`,
  );
}

/** What is in use after rubbish is collected. */
async function heapMb(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return Math.round(usedSize / 1e6);
}
