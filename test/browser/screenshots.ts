/**
 * Pictures of the operators' page, with a fleet of simulated hosts: `script/screenshots`.
 *
 *   --fleet demo|empty|large   a small fleet with a story (default), none, or 20,000 VMs
 *   --out DIR                  docs/screenshots by default
 *   --all                      light and dark, wide and phone, and the demo's dialogs; otherwise light and wide, and
 *                              what the README shows
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { startApi, type TestApi } from '../support/api.ts';
import { demoFleet } from '../support/demo-fleet.ts';
import { fillFleet } from '../support/large-fleet.ts';
import { makeImage } from '../support/protocol-host.ts';
import { launch, openTab, signIn } from './chromium.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const SIZES = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const;
/** Milliseconds after which nothing moves any more. */
const SETTLE_MS = 1_200;
/** What the README shows. */
const README: readonly string[] = ['fleet', 'vm', 'events', 'host', 'rollout', 'preflight'];
/** Dialogs of the demo fleet's pages: on which page, and what is pressed one after the other. */
const DIALOGS: Record<string, { page: string; press: readonly string[] }> = {
  'vm-hibernate': { page: 'vm', press: ['Hibernate'] },
  'vm-kill': { page: 'vm', press: ['More', 'Kill'] },
  'vm-delete': { page: 'vm-off', press: ['More', 'Delete'] },
  'vm-pin': { page: 'vm-off', press: ['Change…'] },
  'vm-snapshot': { page: 'vm', press: ['Take one…'] },
  'host-drain': { page: 'host', press: ['Drain…'] },
  'host-upgrade': { page: 'host', press: ['Upgrade its kernel…'] },
  'rollout-back': { page: 'rollout', press: ['Roll back…'] },
};
const LARGE = { hosts: 500, vms: 20_000 };

const { values } = parseArgs({
  options: {
    fleet: { type: 'string', default: 'demo' },
    out: { type: 'string', default: join(ROOT, 'docs/screenshots') },
    all: { type: 'boolean', default: false },
  },
});

execFileSync(join(ROOT, 'script/build-dashboard'), { stdio: 'inherit' });
mkdirSync(values.out, { recursive: true });
const state = mkdtempSync(join(tmpdir(), 'holdfast-screenshots-'));
await using api = await startApi();
await using fleet = await prepare(api);
const browser = await launch();
try {
  await using tab = await openTab(browser, api.url);
  await signIn(tab.page, api.adminToken);
  const pages = await fleet.pages();
  for (const scheme of values.all ? (['light', 'dark'] as const) : (['light'] as const)) {
    for (const size of values.all ? (['wide', 'phone'] as const) : (['wide'] as const)) {
      await tab.page.emulateMedia({ colorScheme: scheme });
      await tab.page.setViewportSize(SIZES[size]);
      for (const [name, path] of Object.entries(pages)) {
        if (!values.all && !README.includes(name)) continue;
        await tab.page.goto(path);
        await shoot(tab.page, values.all ? `${name}-${scheme}-${size}` : name);
      }
      if (!values.all || values.fleet !== 'demo') continue;
      for (const [name, { page, press }] of Object.entries(DIALOGS)) {
        await tab.page.goto(pages[page] ?? '/');
        await tab.page.getByText('live', { exact: true }).first().waitFor();
        for (const label of press) {
          const options = { name: label, exact: true };
          await tab.page.getByRole('button', options).or(tab.page.getByRole('menuitem', options)).click();
        }
        await tab.page.getByRole('alertdialog').waitFor();
        await shoot(tab.page, `dialog-${name}-${scheme}-${size}`);
      }
    }
  }
  for (const fault of tab.faults) console.error(fault);
} finally {
  await browser.close();
  rmSync(state, { recursive: true, force: true });
}

interface Prepared extends AsyncDisposable {
  /** Names and addresses. */
  pages(): Promise<Record<string, string>>;
}

async function prepare(target: TestApi): Promise<Prepared> {
  if (values.fleet === 'demo') return demoFleet(target, state);
  if (values.fleet === 'large') await fillFleet(target, await makeImage(target), LARGE);
  return {
    pages: async () => {
      const { items } = (await target.request('GET', '/v1/vms?limit=1')).body;
      return {
        ...{ fleet: '/', vms: '/vms', hosts: '/hosts', events: '/events', audit: '/audit' },
        ...{ policies: '/policies', rollouts: '/rollouts', preflights: '/preflights' },
        ...(items.length === 0 ? { 'vm-new': '/vms/new' } : { vm: `/vms/${items[0].id}` }),
      };
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

async function shoot(page: Page, name: string): Promise<void> {
  await page.locator('h1').waitFor();
  await page.getByText('live', { exact: true }).first().waitFor();
  await sleep(SETTLE_MS);
  const file = join(values.out, `${name}.png`);
  writeFileSync(file, await page.screenshot());
  console.log(file);
}
