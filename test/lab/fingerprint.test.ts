/** What guests are really answered by each kernel, as its host's agent measures it and the API shows it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Schemas, unwrap } from '../../src/client/client.ts';
import type { KernelLabel } from '../../src/lab/kernels.ts';
import type { Answers, Fingerprint } from '../../src/psci/fingerprint.ts';
import { until } from '../peer/runs.ts';
import { FLEET_KERNELS, fleet } from '../support/fleet.ts';

/** Measuring begins with the first heartbeat, and is slow on a busy machine. */
const PATIENCE_MS = 240_000;

async function told(kernel: KernelLabel): Promise<Schemas['HostFingerprint']> {
  const service = await fleet();
  const { client } = service.operator;
  const hostId = service.enrolled.get(service.emulated(kernel).name)?.id ?? '';
  const params = { path: { hostId } };
  const measured = async () =>
    unwrap(await client.GET('/v1/hosts/{hostId}', { params })).fingerprint !== null;
  await until(`the host with ${kernel} has told its fingerprint`, measured, PATIENCE_MS);
  return unwrap(await client.GET('/v1/hosts/{hostId}/fingerprint', { params }));
}

/** Which mitigations a CPU needs is a matter of the emulator's release. */
const withoutMitigations = (services: Answers) =>
  Object.fromEntries(Object.entries(services).filter(([call]) => !call.includes('WORKAROUND')));

it.each(FLEET_KERNELS)(
  'KVM of Linux %s answers as it was found to',
  async (kernel) => {
    const path = join(import.meta.dirname, `../fixtures/fingerprints/${kernel}.json`);
    const fixture = JSON.parse(readFileSync(path, 'utf8')) as Fingerprint;
    const found = await told(kernel);
    expect(found.suite).toBe(fixture.suite);
    expect(found.versions.map(({ version }) => version)).toEqual(Object.keys(fixture.versions));
    for (const { version, answers, systemSuspend, services } of found.versions) {
      const expected = fixture.versions[version];
      expect(answers, `at ${version}`).toEqual(expected?.answers);
      expect(systemSuspend, `at ${version}`).toEqual(expected?.systemSuspend);
      expect(withoutMitigations(services)).toEqual(withoutMitigations(expected?.services ?? {}));
    }
  },
  PATIENCE_MS + 60_000,
);

it('hosts of two kernels differ at one version as the API says in words', async () => {
  const [old, recent] = [await told('5.10'), await told('6.1')];
  const service = await fleet();
  const query = { version: '1.0', fromHostId: old.hostId, toHostId: recent.hostId } as const;
  const { changes } = unwrap(await service.operator.client.GET('/v1/psci/diff', { params: { query } }));
  for (const { description } of changes) console.log(`at 1.0: ${description}`);
  expect(changes.map(({ description }) => description)).toContain(
    'CPU_ON/64 of a CPU that does not exist (a reserved bit) returns ALREADY_ON (-4) on lab-5-10 and returns ' +
      'INVALID_PARAMETERS (-2) on lab-6-1.',
  );
});
