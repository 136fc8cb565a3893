import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PSCI_VERSIONS } from '../../src/psci/versions.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { addHost } from '../support/hosts.ts';

describe('PSCI versions', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
    await addHost(api.control, { psciAccepted: ['1.0', '1.1'] });
    await addHost(api.control, { psciAccepted: ['1.1', '1.3'] });
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  it('are listed with what they mean and how many hosts accept them', async () => {
    const { items } = (await api.request('GET', '/v1/psci/versions')).body;
    expect(items.map(({ version }: { version: string }) => version)).toEqual(PSCI_VERSIONS);
    expect(items.map(({ hosts }: { hosts: number }) => hosts)).toEqual([0, 0, 1, 2, 0, 1]);
    expect(items[0]).toEqual({
      version: '0.1',
      registerValue: '0x1',
      insecure: true,
      hibernateDetection: false,
      fleetDefault: false,
      hosts: 0,
    });
    expect(items[5]).toMatchObject({ version: '1.3', registerValue: '0x10003', hibernateDetection: true });
  });

  it('are compared for a guest, both ways', async () => {
    const up = (await api.request('GET', '/v1/psci/diff?from=1.1&to=1.3')).body;
    expect(up).toMatchObject({ from: '1.1', to: '1.3', appear: ['SYSTEM_OFF2'], vanish: [] });
    expect(up.consequences.length).toBeGreaterThan(0);
    const down = (await api.request('GET', '/v1/psci/diff?from=1.3&to=1.1')).body;
    expect(down).toMatchObject({ appear: [], vanish: ['SYSTEM_OFF2'] });
    expect(down.consequences[0].description).not.toBe(up.consequences[0].description);
    expect((await api.request('GET', '/v1/psci/diff?from=1.1&to=1.1')).body).toMatchObject({ changes: [] });
  });

  it('answers every pair in the shape it declares', async () => {
    for (const from of PSCI_VERSIONS) {
      for (const to of PSCI_VERSIONS) {
        expect((await api.request('GET', `/v1/psci/diff?from=${from}&to=${to}`)).status).toBe(200);
      }
    }
  });

  it.each(['', '?from=1.1', '?from=1.1&to=1.4', '?from=1.1&to=2', '?from=1.1&to=1.3&also=1'])(
    'refuses the query "%s"',
    async (query) => {
      expect(await api.request('GET', `/v1/psci/diff${query}`)).toMatchObject({
        status: 400,
        body: { code: 'VALIDATION_FAILED' },
      });
    },
  );
});
