/** The event log as something to work with: searched, exported, linked to. */
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeImage, makeVm, ProtocolHost, startVm } from '../support/protocol-host.ts';
import { openTab, seriousFaults, signIn } from './chromium.ts';
import { dashboard } from './setup.ts';

describe('the event log', () => {
  const setup = dashboard();
  let vm: { id: string; name: string };
  beforeAll(async () => {
    const { api } = setup;
    const host = await ProtocolHost.enrol(api);
    const imageId = await makeImage(api);
    await startVm(api, host, (await makeVm(api, imageId)).id);
    vm = await makeVm(api, imageId, { name: 'searched-for' });
    const run = await startVm(api, host, vm.id);
    await run.tell(run.poweroff());
  });
  const table = () => setup.page.getByRole('table', { name: 'Events' });

  it('is narrowed to a VM that is searched for, and to a time', async () => {
    const { page } = setup;
    await signIn(page, setup.api.adminToken, '/events');
    await expect.poll(() => table().getByRole('row').count()).toBe(1 + 3);
    await page.getByLabel('VM', { exact: true }).fill('searched-for');
    await page.locator('datalist option[value="searched-for"]').waitFor({ state: 'attached' });
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'VM searched-for' }).waitFor();
    await expect.poll(() => table().getByRole('row').count()).toBe(1 + 2);
    expect(new URL(page.url()).searchParams.get('vm')).toBe(vm.id);
    await page.getByLabel('Until').fill('2020-01-01T00:00');
    await page.getByText('No event matches').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByLabel('Until').fill('');
    await table().getByText('Powered off').waitFor();
  });

  it('is handed over as CSV and as JSON', async () => {
    const { page } = setup;
    await signIn(page, setup.api.adminToken, `/events?vm=${vm.id}`);
    await table().getByText('Powered off').waitFor();
    const exported = async (format: string) => {
      await page.getByRole('button', { name: 'Export' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: format }).click(),
      ]);
      return readFile(await download.path(), 'utf8');
    };
    const { body } = await setup.api.request('GET', `/v1/events?vmId=${vm.id}&order=desc`);
    expect(JSON.parse(await exported('As JSON'))).toEqual(body.items);
    const [header, ...lines] = (await exported('As CSV')).trimEnd().split('\r\n');
    expect(header).toMatch(/^observedAt,recordedAt,kind,initiator,/);
    expect(lines.map((line) => line.split(',')[2])).toEqual(['poweroff', 'started']);
  });

  it('has the audit beside it: who changed what, with what was there before and after', async () => {
    const { page, api } = setup;
    const { id } = (await api.request('POST', '/v1/tokens', { body: { name: 'audited', role: 'viewer' } }))
      .body;
    await api.request('DELETE', `/v1/tokens/${id}`);
    await signIn(page, api.adminToken);
    await page.getByRole('link', { name: 'Audit' }).click();
    const rows = page.getByRole('table', { name: 'Audit' }).getByRole('row');
    await rows.getByText('delete · token').waitFor();
    await page.getByRole('searchbox', { name: 'Id of what was changed' }).fill(id);
    await expect.poll(() => rows.count()).toBe(1 + 2);
    await rows.nth(2).getByText('token', { exact: true }).click();
    await rows.nth(2).getByText('audited').first().waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByLabel('Outcome').selectOption('refused');
    await page.getByText('No change matches').waitFor();
    expect(new URL(page.url()).searchParams.toString()).toBe(`resource=${id}&outcome=refused`);
  });

  it('has an address for each event, which a colleague can open', async () => {
    const { page, browser, api } = setup;
    await signIn(page, api.adminToken, `/events?vm=${vm.id}`);
    await table().getByRole('link', { name: 'Powered off' }).click();
    await page.getByRole('heading', { name: 'Powered off', level: 1 }).waitFor();
    await page.getByText('SYSTEM_OFF').first().waitFor();
    await expect.poll(() => page.locator(':focus').getAttribute('id')).toBe('main');
    expect(await seriousFaults(page)).toEqual([]);
    await using other = await openTab(browser, api.url);
    await signIn(other.page, await api.newToken('viewer'), new URL(page.url()).pathname);
    await other.page.getByRole('link', { name: 'searched-for' }).waitFor();
    await other.page.getByRole('link', { name: 'What else happened then' }).click();
    await other.page.getByRole('table', { name: 'Events' }).getByText('Powered off').waitFor();
    expect(other.faults).toEqual([]);
  });
});
