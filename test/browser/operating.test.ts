/**
 * The pages about hosts, policies, rollouts, preflights and drift, in a real browser on the real API and Postgres. Hosts
 * are spoken for by the test, and answer PSCI calls as the lab's kernels were found to.
 */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PsciVersion } from '../../src/psci/versions.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { makeImage, makeVm, ProtocolHost } from '../support/protocol-host.ts';
import { SimpleGuests } from '../support/simple-guests.ts';
import { launch, openTab, seriousFaults, signIn, type Tab } from './chromium.ts';

/** Of one step: a busy machine is many times as slow as it is alone. */
const PATIENCE_MS = 60_000;

const OLD: PsciVersion[] = ['0.2', '1.0'];
const MIDDLE: PsciVersion[] = ['0.2', '1.0', '1.1'];
const NEW: PsciVersion[] = ['0.2', '1.0', '1.1', '1.2', '1.3'];

let browser: Browser;
let api: TestApi;
let imageId: string;
let tab: Tab;
let page: Page;

beforeAll(async () => {
  execFileSync(resolve(import.meta.dirname, '../../script/build-dashboard'), { stdio: 'inherit' });
  browser = await launch();
  api = await startApi();
  imageId = await makeImage(api);
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await browser.close();
});
beforeEach(async () => {
  tab = await openTab(browser, api.url);
  page = tab.page;
  page.setDefaultTimeout(PATIENCE_MS);
});
afterEach(async () => {
  const { faults } = tab;
  await tab[Symbol.asyncDispose]();
  expect(faults).toEqual([]);
});

/** A host that VMs with `hostSelector: { name }` go to. */
const enrol = (name: string, accepted: PsciVersion[]) =>
  ProtocolHost.enrol(api, {
    name,
    labels: { name },
    psci: { accepted, default: accepted.at(-1) ?? '1.1' },
  });

/** Tells what such a kernel answers, as it was measured in the lab. */
async function measure(host: ProtocolHost, kernel: '5.10' | '6.1' | '7.3'): Promise<void> {
  const path = join(import.meta.dirname, `../fixtures/fingerprints/${kernel}.json`);
  const { status } = await host.request('PUT', '/agent/v1/fingerprint', {
    body: {
      kernel: host.facts.kernel,
      bootId: host.facts.bootId,
      ...JSON.parse(readFileSync(path, 'utf8')),
    },
  });
  expect(status).toBeLessThan(300);
}

async function reboot(host: ProtocolHost, kernel: string, accepted: PsciVersion[]): Promise<void> {
  host.facts.bootId = randomUUID();
  host.facts.kernel = kernel;
  host.facts.psci = { accepted, default: accepted.at(-1) ?? '1.1' };
  await host.heartbeat();
}

const get = async (path: string) => (await api.request('GET', path)).body;
const heading = (name: string) => page.getByRole('heading', { name, level: 1 }).waitFor();
const dialog = (name: string) => page.getByRole('alertdialog', { name });
const table = (name: string) => page.getByRole('table', { name });

describe('before there is anything', () => {
  it('every page says what it is for', async () => {
    await signIn(page, api.adminToken, '/hosts');
    await page.getByText('There is no host yet').waitFor();
    await page.getByRole('button', { name: 'Make an enrolment token' }).waitFor();
    for (const [path, words] of [
      ['/policies', 'There is no policy yet'],
      ['/rollouts', 'There was none yet'],
      ['/preflights', 'Nobody has asked yet'],
      ['/drift', 'Every VM has what its policy gives.'],
      ['/hosts/0199aa00-0000-7000-8000-000000000001', 'There is no such host'],
      ['/rollouts/0199aa00-0000-7000-8000-000000000001', 'There is no such rollout'],
      ['/preflights/0199aa00-0000-7000-8000-000000000001', 'There is no such answer'],
      ['/policies/0199aa00-0000-7000-8000-000000000001', 'There is no such policy'],
    ] as const) {
      await page.goto(path);
      await page.getByText(words).first().waitFor();
    }
  });
});

describe('hosts', () => {
  it('are compared in words, and a kernel that answers otherwise is seen', async () => {
    const [old, newer] = [await enrol('old-1', OLD), await enrol('new-1', MIDDLE)];
    await measure(old, '5.10');
    await measure(newer, '6.1');
    await signIn(page, api.adminToken, `/hosts/${old.id}`);
    await heading('old-1');
    await page.getByText('Against what Linux is known to answer').waitFor();
    await page
      .getByText(/CPU_ON\/64 of a CPU that does not exist/)
      .first()
      .waitFor();
    await page.getByRole('link', { name: 'Compare with another host' }).click();
    await page.getByLabel('and comes to').selectOption(newer.id);
    await page.getByText('Only new-1 accepts it.').waitFor();
    const differences = page.getByRole('list', { name: 'Differences at PSCI 1.0' });
    await differences
      .getByText(/on old-1 and .* on new-1/)
      .first()
      .waitFor();
    expect(page.url()).toContain(`a=${old.id}&b=${newer.id}`);

    await reboot(old, '6.1.9-arm64', MIDDLE);
    await measure(old, '6.1');
    await page.goto('/hosts?state=changed');
    const row = table('Hosts').getByRole('row', { name: 'old-1' });
    await row.getByText('changed', { exact: true }).waitFor();
    expect(await table('Hosts').getByRole('row').count()).toBe(2);
  });

  it('are drained with progress, and give back what a drain stopped', async () => {
    const host = await enrol('drained-1', MIDDLE);
    const guests = new SimpleGuests([host]);
    const vm = await makeVm(api, imageId, { hostSelector: { name: 'drained-1' }, powerState: 'running' });
    await guests.until('it to run', async () => guests.boots.size === 1);
    await signIn(page, api.adminToken, `/hosts/${host.id}`);
    await table('VMs of this host').getByRole('row', { name: vm.name }).getByText('running').waitFor();
    await page.getByRole('button', { name: 'Cordon', exact: true }).click();
    await page.locator('main header').getByText('cordoned').waitFor();
    await page.getByRole('button', { name: 'Drain…' }).click();
    await dialog('Drain drained-1?').getByText('runs on, and the drain says so').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await dialog('Drain drained-1?').getByRole('button', { name: 'Drain it' }).click();
    await page.getByText('1 of 1 VMs dealt with').or(page.getByText('0 of 1 VMs dealt with')).waitFor();
    await guests.until(
      'the drain',
      async () => (await get(`/v1/hosts/${host.id}/drain`)).operation.finishedAt,
    );
    await page.getByText('1 of 1 VMs dealt with').waitFor();
    await table('VMs of the drain').getByRole('row', { name: vm.name }).getByText('stopped').waitFor();
    await page.getByRole('button', { name: 'Uncordon…' }).click();
    await dialog('Uncordon drained-1?').getByRole('button', { name: 'Uncordon' }).click();
    await page.locator('main header').getByText('live', { exact: true }).waitFor();
    await guests.until('it to run again', async () => (await get(`/v1/vms/${vm.id}`)).phase === 'running');
  });

  it('are led through a kernel upgrade, which waits for a person where the kernel differs', async () => {
    const host = await enrol('upgraded-1', NEW);
    await measure(host, '7.3');
    const guests = new SimpleGuests([host]);
    const place = { hostSelector: { name: 'upgraded-1' }, powerState: 'running' };
    await makeVm(api, imageId, { ...place, psci: { policy: 'pinned', version: '1.3' } });
    await guests.until('it to run', async () => guests.boots.size === 1);
    await signIn(page, api.adminToken, `/hosts/${host.id}`);
    await page.getByRole('button', { name: 'Upgrade its kernel…' }).click();
    const question = dialog('Upgrade the kernel of upgraded-1?');
    await question.getByRole('radio', { name: 'One whose newest PSCI version I know' }).check();
    await question.getByLabel('Its newest PSCI version').selectOption('1.1');
    await question.getByRole('button', { name: 'Begin', exact: true }).click();
    await question.getByText('PREFLIGHT_OBJECTS').waitFor();
    await question.getByRole('link', { name: 'See which VMs, and why' }).waitFor();
    await question.getByRole('checkbox', { name: 'Begin although these VMs could not start there' }).check();
    expect(await seriousFaults(page)).toEqual([]);
    await question.getByRole('button', { name: 'Begin all the same' }).click();
    const comesTo = (status: string) =>
      guests.until(status, async () => (await get(`/v1/hosts/${host.id}/maintenance`)).status === status);
    await comesTo('awaitingReboot');
    const step = page.locator('li[aria-current="step"]');
    await step.getByText('Install the kernel and reboot the host now.').waitFor();
    await reboot(host, '6.1.0-arm64', MIDDLE);
    await measure(host, '6.1');
    await comesTo('differs');
    await page.getByText(/1\.3 is not accepted any more/).waitFor();
    await page.getByRole('button', { name: 'Accept this and take runs again' }).click();
    await page.getByText('Accepted by').waitFor();
    expect((await get(`/v1/hosts/${host.id}`)).cordoned).toBe(false);
  });
});

describe('a policy', () => {
  it('is written, changed and deleted with what it would do beside it', async () => {
    await enrol('any-1', MIDDLE);
    const labels = { team: 'policy' };
    const vm = await makeVm(api, imageId, { labels });
    await makeVm(api, imageId, { labels, psci: { policy: 'pinned', version: '1.0' } });
    await signIn(page, api.adminToken, '/policies');
    await page.getByRole('link', { name: 'Write a policy' }).click();
    const dryRun = page.getByRole('region', { name: 'Dry run' });
    await page.getByRole('button', { name: 'Add a label' }).click();
    await page.getByLabel('Label', { exact: true }).fill('team');
    await page.getByLabel('Value', { exact: true }).fill('policy');
    await page.getByLabel('What they get').selectOption('1.0');
    await dryRun.getByText('2 VMs are selected; 1 VM would have another version').waitFor();
    await dryRun.getByRole('row', { name: vm.name }).getByText('fleet default').waitFor();
    await page.getByRole('button', { name: 'Write the policy' }).click();
    await page.getByText('Use 1 to 63 letters').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('team-policy');
    await page.getByRole('button', { name: 'Write the policy' }).click();
    await heading('team-policy');
    await table('VMs that it selects').getByRole('row', { name: vm.name }).getByText('this policy').waitFor();
    expect((await get(`/v1/vms/${vm.id}`)).psci.effective).toBe('1.0');

    await page.getByRole('button', { name: 'Change it' }).click();
    await page.getByLabel('What they get').selectOption('1.3');
    await dryRun
      .getByText('1 VM could start nowhere')
      .or(dryRun.getByText('1 VM would have'))
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Save as revision 2' }).click();
    await table('Revisions').getByText('Revision 2').waitFor();
    await page.getByRole('button', { name: 'Delete…' }).click();
    await dialog('Delete the policy team-policy?').getByText('2 VMs are selected').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await dialog('Delete the policy team-policy?').getByRole('button', { name: 'Delete' }).click();
    await heading('Policies');
    expect((await get('/v1/psci-policies')).items).toEqual([]);
  });
});

describe('a rollout', () => {
  it('is planned, held, let go on and taken back', async () => {
    const labels = { team: 'rollout' };
    const vms = [await makeVm(api, imageId, { labels }), await makeVm(api, imageId, { labels })];
    await signIn(page, api.adminToken, '/rollouts/new');
    await page.getByLabel('Name', { exact: true }).fill('back-to-1.0');
    await page.getByRole('button', { name: 'Add a label' }).click();
    await page.getByLabel('Label', { exact: true }).fill('team');
    await page.getByLabel('Value', { exact: true }).fill('rollout');
    await page.getByLabel('Each asks from then on for').selectOption('1.0');
    await page.getByRole('list', { name: 'VMs by wave' }).getByText('1 VM').first().waitFor();
    await page.getByLabel('Asked whether it is well, by').selectOption('tcp');
    await page.getByLabel('Host to connect to').fill('{name}.example');
    await page.getByRole('button', { name: 'Begin the rollout' }).click();
    await page.getByText('Use a whole number from 1 to 65,535.').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByLabel('Port', { exact: true }).fill('22');
    await page.getByRole('button', { name: 'Begin the rollout' }).click();
    await heading('back-to-1.0');
    await page.getByText('TCP {name}.example:22').waitFor();
    const waves = page.getByRole('list', { name: 'Waves' });
    await waves.getByText('1 set while off').waitFor();
    await waves.getByText('being watched').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.locator('main header').getByText('paused').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.locator('main header').getByText('running').waitFor();
    await page.getByRole('button', { name: 'Roll back…' }).click();
    await dialog('Give every VM of back-to-1.0 back what it had?')
      .getByRole('button', { name: 'Roll back' })
      .click();
    await page.locator('main header').getByText('rolled back').waitFor();
    await page.getByRole('list', { name: 'What the rollout did' }).getByText('Rolled back').waitFor();
    for (const { id } of vms) expect((await get(`/v1/vms/${id}`)).psci.policy).toBe('inherit');
  });
});

describe('a preflight', () => {
  it('is asked, and its answer opens for somebody else by its link', async () => {
    const host = await enrol('asked-1', NEW);
    const guests = new SimpleGuests([host]);
    const place = { hostSelector: { name: 'asked-1' }, powerState: 'running' };
    const [kept, lost] = [
      await makeVm(api, imageId, { ...place, psci: { policy: 'pinned', version: '1.1' } }),
      await makeVm(api, imageId, { ...place, psci: { policy: 'pinned', version: '1.3' } }),
    ];
    await guests.until('them to run', async () => guests.boots.size === 2);
    await signIn(page, api.adminToken, `/preflights?host=${host.id}`);
    await page.getByLabel('Newest PSCI version', { exact: true }).selectOption('1.1');
    await page.getByRole('button', { name: 'What would their guests see?' }).click();
    await page.getByRole('heading', { name: /^If asked-1 got / }).waitFor();
    await table('VMs of the preflight')
      .getByRole('row', { name: lost.name })
      .getByText('could not start')
      .waitFor();

    const other = await openTab(browser, api.url);
    other.page.setDefaultTimeout(PATIENCE_MS);
    await signIn(other.page, await api.newToken('viewer'), new URL(page.url()).pathname);
    await other.page.getByRole('heading', { name: /^If asked-1 got / }).waitFor();
    const verdicts = other.page.getByRole('table', { name: 'VMs of the preflight' });
    await verdicts.getByRole('row', { name: kept.name }).getByText('keeps its firmware').waitFor();
    await other.page.getByLabel('Verdict').selectOption('cannotStart');
    await expect.poll(() => verdicts.getByRole('row').count(), { timeout: PATIENCE_MS }).toBe(2);
    expect(other.faults).toEqual([]);
    await other[Symbol.asyncDispose]();
  });
});

describe('drift', () => {
  it('leads from the fleet to the VMs that it is about', async () => {
    await enrol('drift-1', MIDDLE);
    await makeVm(api, imageId, { name: 'mover', psci: { policy: 'latest' } });
    await signIn(page, api.adminToken);
    await page.getByRole('link', { name: 'VMs on “latest”' }).click();
    await heading('Drift');
    await table('On “latest”').getByRole('row', { name: 'mover' }).waitFor();
    await page.getByRole('link', { name: 'Due to change' }).click();
    await page.getByText('Every VM has what its policy gives.').or(table('Due to change')).first().waitFor();
  });
});

describe('a viewer', () => {
  it('sees these pages without what it may not do', async () => {
    const host = await enrol('seen-1', MIDDLE);
    await signIn(page, await api.newToken('viewer'), `/hosts/${host.id}`);
    await heading('seen-1');
    await page.getByText('Not measured yet').waitFor();
    for (const path of [`/hosts/${host.id}`, '/hosts', '/policies', '/rollouts', '/preflights']) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.getByRole('heading', { level: 2 }).first().waitFor();
      const actions = page
        .getByRole('main')
        .getByRole('button', { name: /Cordon|Drain|Upgrade|Enrol|What would/ });
      expect(await actions.count(), path).toBe(0);
      expect(await page.getByRole('link', { name: /Write|Plan/ }).count(), path).toBe(0);
    }
  });
});

describe('a token with a scope', () => {
  it('leads to its VMs, past what is of the fleet', async () => {
    const labels = { team: 'scoped' };
    const vm = await makeVm(api, imageId, { labels });
    const { body } = await api.request('POST', '/v1/tokens', {
      body: { name: 'scoped', role: 'operator', scope: labels },
    });
    await signIn(page, body.token);
    await heading('VMs');
    await table('VMs').getByRole('row', { name: vm.name }).waitFor();
    expect(await table('VMs').getByRole('row').count()).toBe(2);
    const pages = page.getByRole('navigation', { name: 'Pages' });
    await pages.getByRole('link', { name: 'Events' }).waitFor();
    expect(await pages.getByRole('link', { name: /Fleet|Hosts|Policies|Rollouts|Preflights/ }).count()).toBe(
      0,
    );
  });
});

describe('every one of these pages', () => {
  it('is readable in light and dark, wide and narrow, and never scrolls sideways', async () => {
    const [wide, phone] = [
      { width: 1280, height: 800 },
      { width: 360, height: 740 },
    ];
    const post = async (path: string, body: object) => (await api.request('POST', path, { body })).body.id;
    const [host, other] = [await enrol('shown-1', OLD), await enrol('shown-2', MIDDLE)];
    await measure(host, '5.10');
    await measure(other, '6.1');
    const labels = { team: 'shown' };
    await makeVm(api, imageId, { labels });
    const policy = await post('/v1/psci-policies', { name: 'shown', selector: labels, version: '1.0' });
    const waves = [{ count: 1, soakSeconds: 600 }, { percent: 100 }];
    const rollout = await post('/v1/rollouts', {
      name: 'shown',
      selector: labels,
      to: { version: '1.1' },
      waves,
    });
    const preflight = await post('/v1/preflights', { hostSelector: {}, target: { version: '1.0' } });
    const paths = [
      '/hosts',
      `/hosts/${host.id}`,
      `/hosts/compare?a=${host.id}&b=${other.id}`,
      '/policies',
      '/policies/new',
      `/policies/${policy}`,
      '/rollouts',
      '/rollouts/new',
      `/rollouts/${rollout}`,
      '/preflights',
      `/preflights/${preflight}`,
      '/drift?kind=thinlyAccepted',
    ];
    await signIn(page, api.adminToken);
    for (const path of paths) {
      await page.setViewportSize(wide);
      await page.emulateMedia({ colorScheme: 'light' });
      await page.goto(path);
      await page.getByRole('heading', { level: 2 }).first().waitFor();
      await expect.poll(() => page.getByText(/^Loading .*…$/).count(), { timeout: PATIENCE_MS }).toBe(0);
      expect(await seriousFaults(page), `${path} light`).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      // What else axe looks at does not depend on colours.
      expect(await seriousFaults(page, ['color-contrast']), `${path} dark`).toEqual([]);
      for (const viewport of [wide, phone]) {
        await page.setViewportSize(viewport);
        const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect(overflow, `${path} ${viewport.width}`).toBeLessThanOrEqual(0);
      }
    }
  }, 600_000);
});
