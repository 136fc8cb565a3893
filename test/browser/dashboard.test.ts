/** The operators' page in a real browser, on the real API and Postgres. Hosts are spoken for by the test. */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../src/standalone/free-port.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { makeImage, makeVm, ProtocolHost, startVm } from '../support/protocol-host.ts';
import { launch, openTab, seriousFaults, signIn, type Tab } from './chromium.ts';

let browser: Browser;
let api: TestApi;
let tab: Tab;
let page: Page;

beforeAll(async () => {
  execFileSync(resolve(import.meta.dirname, '../../script/build-dashboard'), { stdio: 'inherit' });
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});
beforeEach(async () => {
  tab = await openTab(browser, api.url);
  page = tab.page;
});
afterEach(async () => {
  const { faults } = tab;
  await tab[Symbol.asyncDispose]();
  expect(faults).toEqual([]);
});

/**
 * An API for the tests of one group. Always on the same port, so that the page finds it again after a restart; leases
 * last, for hosts here send few heartbeats and a busy machine takes its time.
 */
function withApi(): void {
  beforeAll(async () => {
    api = await startApi({ port: await freePort() });
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });
}

/** The same with a host that accepts 1.0, 1.1 and 1.3, and an image. */
function withFleet(): { host: () => ProtocolHost; imageId: () => string } {
  withApi();
  let host: ProtocolHost;
  let imageId: string;
  beforeAll(async () => {
    host = await ProtocolHost.enrol(api, { psci: { accepted: ['1.0', '1.1', '1.3'], default: '1.3' } });
    imageId = await makeImage(api);
  });
  return { host: () => host, imageId: () => imageId };
}

/** The phase beside the VM's name. */
const phase = (name: string) => page.locator('main header').getByText(name, { exact: true });
const row = (name: string) => page.getByRole('table', { name: 'VMs' }).getByRole('row', { name });

describe('signing in', () => {
  withApi();

  it('refuses a token that the API does not know', async () => {
    await page.goto('/');
    await page.getByLabel('API token').fill('not-a-token-that-anybody-made');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('This token is unknown, expired or revoked.').waitFor();
    expect(await page.getByLabel('API token').getAttribute('aria-invalid')).toBe('true');
    expect(await seriousFaults(page)).toEqual([]);
  });

  it('leads to the address that was asked for, lasts over a reload, and ends with the tab', async () => {
    await signIn(page, api.adminToken, '/events');
    await page.getByRole('heading', { name: 'Events', level: 1 }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Events', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('API token').waitFor();
    expect(await page.evaluate('sessionStorage.length + localStorage.length')).toBe(0);
  });

  it('ends when the token is revoked', async () => {
    const token = await api.newToken('viewer');
    await signIn(page, token);
    const { body } = await api.request('GET', '/v1/tokens');
    const { id } = body.items.find(({ role }: { role: string }) => role === 'viewer');
    await api.request('DELETE', `/v1/tokens/${id}`);
    await page.reload();
    await page.getByText('Your token is no longer accepted.').waitFor();
  });
});

describe('an empty fleet', () => {
  withApi();

  it('tells the first steps, and does the first one', async () => {
    await signIn(page, api.adminToken);
    await page.getByRole('heading', { name: 'First steps' }).waitFor();
    await page.getByRole('button', { name: 'Make an enrolment token' }).click();
    const commands = await page.getByRole('group', { name: 'Commands to enrol a host' }).textContent();
    const token = /<<< '([^']+)'/.exec(commands ?? '')?.[1] ?? '';
    expect(commands).toContain(`--api ${api.url}`);
    const enrolled = await api.request('POST', '/agent/v1/enrol', {
      token: null,
      body: {
        enrolmentToken: token,
        name: 'new-host',
        labels: {},
        credentialHash: 'a'.repeat(64),
        facts: FACTS,
      },
    });
    expect(enrolled.status).toBe(200);
    // Without a reload: the host appears by itself, and the step is done.
    await page.getByRole('table', { name: 'Hosts' }).getByRole('row', { name: 'new-host' }).waitFor();
    await page.getByText('Enrol a host (done)').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });

  it('says on the other pages what is missing', async () => {
    await signIn(page, api.adminToken, '/events');
    await page.getByText('No events yet').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.goto('/vms/new');
    await page.getByText('There is no image yet').waitFor();
    await page.goto('/vms/0199aa00-0000-7000-8000-000000000001');
    await page.getByText('There is no such VM').waitFor();
  });
});

const FACTS = {
  agentVersion: '0.1.0',
  kernel: '7.3.4-arm64',
  bootId: '0199aa00-0000-4000-8000-000000000001',
  psci: { accepted: ['1.0', '1.1', '1.3'], default: '1.3' },
  capacity: { vcpus: 8, memoryMiB: 8_192 },
  simulated: false,
};

describe('a VM', () => {
  const fleet = withFleet();

  it('is created through the form and then listed', async () => {
    await signIn(page, api.adminToken);
    await page.getByRole('link', { name: 'Create a VM' }).first().click();
    await page.getByLabel('Name', { exact: true }).fill('Not A Name');
    await page.getByLabel('Memory (MiB)').fill('256');
    await page.getByRole('radio', { name: 'Its own pin' }).check();
    await page.getByRole('combobox', { name: 'PSCI version' }).selectOption('1.3');
    await page.getByText('1 host accepts it.').waitFor();
    await page.getByRole('button', { name: 'Add a disk' }).click();
    await page.getByRole('button', { name: 'Add a label' }).click();
    await page.getByRole('checkbox', { name: 'Start it when it is created' }).uncheck();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Create the VM' }).click();
    await page.getByText('Use 1 to 63 letters').first().waitFor();
    await expect.poll(() => page.locator(':focus').getAttribute('name')).toBe('name');
    expect((await api.request('GET', '/v1/vms')).body.items).toEqual([]);

    await page.getByLabel('Label', { exact: true }).fill('team');
    await page.getByLabel('Value', { exact: true }).fill('a');
    await page.getByLabel('Name', { exact: true }).fill('web-1');
    await page.getByRole('button', { name: 'Create the VM' }).click();
    await page.getByRole('heading', { name: 'web-1', level: 1 }).waitFor();
    const { body } = await api.request('GET', '/v1/vms');
    expect(body.items).toMatchObject([
      {
        name: 'web-1',
        vcpus: 1,
        memoryMiB: 256,
        labels: { team: 'a' },
        disks: [{ name: 'root', sizeMiB: 1024, readOnly: false }],
        psci: { policy: 'pinned', version: '1.3', effective: '1.3' },
        powerState: 'stopped',
      },
    ]);
    await page.getByText('can say that it hibernates').waitFor();
    await page.getByRole('link', { name: 'Fleet' }).first().click();
    await row('web-1').getByText('stopped').waitFor();
    await page.getByRole('button', { name: '1 VM at PSCI 1.3 on no host yet' }).click();
    await row('web-1').waitFor();
    await page.getByRole('button', { name: '0 VMs at PSCI 1.1 on no host yet' }).click();
    await page.getByText('No VM matches').waitFor();
  });

  it('shows the refusal of the API as it is', async () => {
    await makeVm(api, fleet.imageId(), { name: 'taken' });
    await signIn(page, api.adminToken, '/vms/new');
    await page.getByLabel('Name', { exact: true }).fill('taken');
    await page.getByRole('button', { name: 'Create the VM' }).click();
    await page.getByText('VM_NAME_TAKEN').waitFor();
  });

  it('is followed live: its phase, its console, what is typed, and who hibernated it', async () => {
    const host = fleet.host();
    const disks = [{ name: 'swap', sizeMiB: 64, readOnly: false }];
    const vm = await makeVm(api, fleet.imageId(), {
      name: 'web-2',
      psci: { policy: 'pinned', version: '1.1' },
      disks,
    });
    await signIn(page, api.adminToken, `/vms/${vm.id}`);
    await page.getByText('It has not booted yet').waitFor();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByText('Start asked for').waitFor();
    const run = await host.run(vm.id);
    await run.tell(run.started());
    await phase('running').waitFor();

    const boot = `/agent/v1/vms/${vm.id}/console/${run.bootId}`;
    let after = `&after=${(await host.request('GET', '/agent/v1/console-input')).body.position}`;
    const output =
      '\x1b[32mpsci:\x1b[0m PSCIv1.1 detected in \x1b[38;2;200;90;10mfirmware\x1b[0m.\r\nlogin: ' +
      // Asks where the cursor is: nobody types the answer.
      '\x1b[6n';
    expect(
      (await host.request('PUT', `${boot}?offset=0`, { body: Buffer.from(output) })).status,
    ).toBeLessThan(300);
    await expect
      .poll(() => page.locator('.xterm-rows').textContent())
      .toContain('PSCIv1.1 detected in firmware.');
    await page.getByText('What you type goes to the guest').waitFor();
    await page.getByLabel('Terminal input').focus();
    await page.keyboard.type('root\n');
    let typed = '';
    await expect
      .poll(async () => {
        const { body } = await host.request('GET', `/agent/v1/console-input?wait=5${after}`);
        for (const { data } of body.inputs) typed += Buffer.from(data, 'base64').toString();
        after = `&after=${body.position}`;
        return typed;
      })
      .toBe('root\r');
    await page.keyboard.press('Control+]');
    expect(await page.locator('p:focus').textContent()).toContain('Ctrl+] leaves the console');
    expect(await seriousFaults(page)).toEqual([]);

    await page.getByRole('button', { name: 'Hibernate' }).click();
    const question = page.getByRole('alertdialog', { name: 'Ask web-2 to hibernate?' });
    await question.getByText('cannot be told from a power-off').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await question.getByRole('button', { name: 'Ask it to hibernate' }).click();
    await phase('hibernating').waitFor();
    const { intentId } = await run.openRequest();
    await run.tell(run.poweroff([intentId]));
    await phase('stopped').waitFor();
    const event = page.getByRole('list', { name: 'Events of this VM' }).getByRole('listitem').first();
    await expect
      .poll(() => event.textContent())
      .toMatch(/Powered off[\s\S]*operator[\s\S]*hibernation unknown/);
    await page.getByText('whether its guest hibernated is not known').waitFor();
  });

  it('is deleted only by somebody who types its name', async () => {
    const vm = await makeVm(api, fleet.imageId(), { name: 'web-3' });
    await signIn(page, api.adminToken, `/vms/${vm.id}`);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    const question = page.getByRole('alertdialog', { name: 'Delete web-3?' });
    expect(await question.getByRole('button', { name: 'Delete' }).isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByLabel('Type web-3 to confirm').fill('web-3');
    await question.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'VMs', level: 1 }).waitFor();
    expect((await api.request('GET', `/v1/vms/${vm.id}`)).status).toBe(404);
  });

  it('is looked at by a viewer, who is offered nothing that would be refused', async () => {
    const vm = await makeVm(api, fleet.imageId(), { name: 'web-4' });
    const run = await startVm(api, fleet.host(), vm.id);
    await signIn(page, await api.newToken('viewer'), `/vms/${vm.id}`);
    await page.getByText('test viewer').waitFor();
    await page.getByText('Read-only: typing needs the role operator.').waitFor();
    await page.getByRole('heading', { name: 'Pin' }).waitFor();
    for (const name of ['Stop', 'Hibernate', 'More', 'Change…', 'Take one…']) {
      expect(await page.getByRole('button', { name, exact: true }).count(), name).toBe(0);
    }
    await page.getByRole('link', { name: 'VMs', exact: true }).first().click();
    await row('web-4').waitFor();
    expect(await page.getByRole('link', { name: 'Create a VM' }).count()).toBe(0);
    await page.goto('/vms/new');
    await page.getByText('Creating VMs needs the role operator').waitFor();
    await run.tell(run.poweroff());
  });

  it('has its life drawn, and is saved as a snapshot', async () => {
    const vm = await makeVm(api, fleet.imageId(), { name: 'web-7' });
    const run = await startVm(api, fleet.host(), vm.id);
    await signIn(page, api.adminToken, `/vms/${vm.id}`);
    await page.getByRole('img', { name: /^1 boot on 1 host, 1 event, 1 request; running now/ }).waitFor();
    await page.getByRole('button', { name: 'Take one…' }).click();
    const question = page.getByRole('alertdialog', { name: 'Take a snapshot of web-7?' });
    await question.getByText('Its memory may hold keys and passwords').waitFor();
    await question.getByLabel('Name').fill('not a name');
    expect(await question.getByRole('button', { name: 'Take the snapshot' }).isDisabled()).toBe(true);
    await question.getByLabel('Name').fill('before-upgrade');
    expect(await seriousFaults(page)).toEqual([]);
    await question.getByRole('button', { name: 'Take the snapshot' }).click();
    await page.getByRole('list', { name: 'Operations' }).getByText('snapshot', { exact: true }).waitFor();
    expect((await run.openRequest()).kind).toBe('snapshot');
    await run.tell(run.poweroff());
  });
});

describe('the event stream', () => {
  const fleet = withFleet();

  it('shows when it is down and misses nothing when it is back', async () => {
    const host = fleet.host();
    const vm = await makeVm(api, fleet.imageId(), { name: 'web-5' });
    const run = await startVm(api, host, vm.id);
    await signIn(page, api.adminToken, `/events?kind=poweroff&vm=${vm.id}`);
    await page.getByText('No event matches').waitFor();
    await page.getByText('live', { exact: true }).first().waitFor();
    await api.stop();
    await page.getByText('The event stream is down').waitFor();
    await api.start();
    await run.tell(run.poweroff());
    await page.getByText('live', { exact: true }).first().waitFor({ timeout: 90_000 });
    await page.getByText('The event stream is down').waitFor({ state: 'detached' });
    const rows = page.getByRole('table', { name: 'Events' }).getByRole('row', { name: 'Powered off' });
    await rows.first().waitFor();
    expect(await rows.count()).toBe(1);
    expect(await seriousFaults(page)).toEqual([]);
  });

  it('can be held still', async () => {
    const host = fleet.host();
    const vm = await makeVm(api, fleet.imageId(), { name: 'web-6' });
    const run = await startVm(api, host, vm.id);
    await signIn(page, api.adminToken, `/events?vm=${vm.id}`);
    const table = page.getByRole('table', { name: 'Events' });
    await table.getByText('Started').waitFor();
    await page.getByText('live', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Hold still' }).click();
    await run.tell(run.poweroff());
    await page.getByRole('button', { name: 'Follow again (1 new)' }).click();
    await table.getByText('Powered off').waitFor();
  });
});

describe('every page', () => {
  const fleet = withFleet();

  const looks = [
    { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
    { colorScheme: 'dark', viewport: { width: 360, height: 740 } },
  ] as const;

  it('is readable in light and dark, wide and narrow, and never scrolls sideways', async () => {
    const host = fleet.host();
    const vm = await makeVm(api, fleet.imageId(), {
      name: 'a-vm-with-a-rather-long-name-that-somebody-chose',
    });
    const run = await startVm(api, host, vm.id);
    await run.tell(run.poweroff());
    await makeVm(api, fleet.imageId(), { psci: { policy: 'latest' } });
    const [event] = (await api.request('GET', `/v1/events?vmId=${vm.id}`)).body.items;
    await signIn(page, api.adminToken);
    for (const { colorScheme, viewport } of looks) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      for (const path of [
        '/',
        '/vms',
        '/events',
        `/events/${event.id}`,
        '/audit',
        '/vms/new',
        `/vms/${vm.id}`,
      ]) {
        const where = `${path} ${colorScheme} ${viewport.width}`;
        await page.goto(path);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.getByText('live', { exact: true }).first().waitFor();
        expect(await seriousFaults(page), where).toEqual([]);
        const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect(overflow, where).toBeLessThanOrEqual(0);
      }
    }
  }, 400_000);

  it('can be reached and left by keyboard', async () => {
    await signIn(page, api.adminToken);
    await page.reload();
    await page.getByRole('heading', { name: 'Fleet', level: 1 }).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('Skip to the page');
    await page.keyboard.press('Enter');
    expect(await page.locator(':focus').getAttribute('id')).toBe('main');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Create a VM', level: 1 }).waitFor();
  });
});
