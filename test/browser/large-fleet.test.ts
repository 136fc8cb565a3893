/** The operators' page with 20,000 VMs on 500 hosts: what is searched is searched by the API, what is shown is little. */
import { beforeAll, describe, expect, it } from 'vitest';
import { addResets, fillFleet } from '../support/large-fleet.ts';
import { makeImage } from '../support/protocol-host.ts';
import { seriousFaults, signIn } from './chromium.ts';
import { dashboard } from './setup.ts';

const VMS = 20_000;
/** What a screen and its surroundings hold, generously. */
const MOST_ROWS = 120;

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
    for (const last of ['vm-00100', 'vm-00200', 'vm-00300']) {
      await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
      await page.getByRole('link', { name: last }).waitFor({ state: 'attached' });
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
