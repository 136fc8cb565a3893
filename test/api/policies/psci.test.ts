import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PSCI_VERSIONS } from '../../../src/psci/versions.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { addHost } from '../../support/hosts.ts';

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
      compatible: ['arm,psci'],
      functions: [
        { name: 'CPU_OFF', id32: '0x95c1ba5f', id64: null, since: '0.1' },
        { name: 'CPU_ON', id32: '0x95c1ba60', id64: null, since: '0.1' },
      ],
      returnCodes: [
        { name: 'NOT_SUPPORTED', value: -1 },
        { name: 'INVALID_PARAMETERS', value: -2 },
      ],
      changes: [],
      consequences: [],
      breaks: [],
    });
    expect(items[5]).toMatchObject({
      version: '1.3',
      registerValue: '0x10003',
      hibernateDetection: true,
      compatible: ['arm,psci-1.0', 'arm,psci-0.2', 'arm,psci'],
      consequences: [{ description: expect.stringContaining('SYSTEM_OFF2') }],
    });
    expect(items[5].functions).toContainEqual({
      name: 'SYSTEM_OFF2',
      id32: '0x84000015',
      id64: '0xc4000015',
      since: '1.3',
    });
    expect(items[1].returnCodes.map(({ name }: { name: string }) => name)).toContain('ALREADY_ON');
    expect(items[5].changes.map(({ description }: { description: string }) => description)).toContain(
      'SYSTEM_OFF2 with another type or cookie returns NOT_SUPPORTED (-1) at 1.2 and returns INVALID_PARAMETERS (-2) ' +
        'at 1.3.',
    );
    expect(items[5].breaks.map(({ guest }: { guest: string }) => guest)).toContain('macOS');
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
