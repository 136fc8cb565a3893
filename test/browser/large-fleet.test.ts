/** The operators' page with 20,000 VMs on 500 hosts: what is searched is searched by the API, what is shown is little. */
import { beforeAll, describe, expect, it } from 'vitest';
import { addResets, fillFleet } from '../support/large-fleet.ts';
import { makeImage } from '../support/protocol-host.ts';
import { seriousFaults, signIn } from './chromium.ts';
import { dashboard } from './setup.ts';

const VMS = 20_000;
/** What a screen and its surroundings hold, generously. */
const MOST_ROWS = 120;
/** Tells the number of the last row in the page before it scrolls on; the head is row 1. */
const SCROLL_TO_LAST_ROW = `{
  const numbers = [...document.querySelectorAll('tr[aria-rowindex]')].map((row) => row.ariaRowIndex - 1);
  scrollTo(0, document.documentElement.scrollHeight);
  Math.max(0, ...numbers);
}`;

describe('with 20,000 VMs', () => {
  const setup = dashboard();
  beforeAll(async () => {
    await fillFleet(setup.api, await makeImage(setup.api), { hosts: 500, vms: VMS });
  });
  const rows = () => setup.page.getByRole('table', { name: 'VMs' }).getByRole('row');

  it('the list has those in the window, goes on where one scrolls, and is searched on the server', async () => {
    const { page } = setup;
    await signIn(page, setup.api.adminToken, '/vms');
    await page.getByRole('heading', { name: 'VMs 20,000' }).or(page.getByText('20,000')).first().waitFor();
    await page.getByRole('link', { name: 'vm-00001' }).waitFor();
    expect(await page.getByRole('table', { name: 'VMs' }).getAttribute('aria-rowcount')).toBe('20001');
    expect(await seriousFaults(page)).toEqual([]);
    for (const wanted of [100, 200, 300]) {
      // The page grows while what comes next is read.
      await expect
        .poll(() => page.evaluate<number>(SCROLL_TO_LAST_ROW), { timeout: 60_000 })
        .toBeGreaterThanOrEqual(wanted);
      expect(await rows().count()).toBeLessThan(MOST_ROWS);
    }
    await page.getByRole('searchbox', { name: 'Search VMs by name, id or label' }).fill('vm-1999');
    await page.getByRole('link', { name: 'vm-19999' }).waitFor();
    await expect.poll(() => rows().count()).toBe(1 + 10);
    await page.getByLabel('Phase').selectOption('hibernated');
    await page
      .getByText('No VM matches')
      .or(page.getByRole('link', { name: /vm-1999/ }))
      .first()
      .waitFor();
    expect(new URL(page.url()).searchParams.toString()).toBe('q=vm-1999&phase=hibernated');
    await page.reload();
    expect(await page.getByRole('searchbox', { name: 'Search VMs' }).inputValue()).toBe('vm-1999');
  });

  it('the hosts are narrowed and scrolled without all being in the page', async () => {
    const { page } = setup;
    await signIn(page, setup.api.adminToken, '/hosts');
    const table = page.getByRole('table', { name: 'Hosts' });
    await table.getByRole('link', { name: 'rack00-00' }).waitFor();
    expect(await table.getAttribute('aria-rowcount')).toBe('501');
    expect(await table.getByRole('row').count()).toBeLessThan(MOST_ROWS);
    await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
    await table.getByRole('link', { name: 'rack24-19' }).waitFor({ state: 'attached' });
    expect(await table.getByRole('row').count()).toBeLessThan(MOST_ROWS);
    await page.getByRole('searchbox', { name: 'Search hosts' }).fill('rack24-');
    await table.getByRole('link', { name: 'rack24-00' }).waitFor();
    await expect.poll(() => table.getAttribute('aria-rowcount')).toBe('21');
    expect(new URL(page.url()).search).toBe('?q=rack24-');
  });

  it('the events of a burst are followed without keeping them all', async () => {
    const { page, api } = setup;
    await signIn(page, api.adminToken, '/events?kind=reset');
    await page.getByText('No event matches').waitFor();
    await page.getByText('live', { exact: true }).first().waitFor();
    const events = page.getByRole('table', { name: 'Events' }).getByRole('row');
    for (let batch = 1; batch <= 5; batch += 1) await addResets(api, 300, 100 + batch);
    await events.nth(20).waitFor();
    expect(await events.count()).toBeLessThan(MOST_ROWS);
    await page.getByRole('link', { name: 'Fleet' }).first().click();
    await page.getByRole('heading', { name: 'Fleet', level: 1 }).waitFor();
  });
});
