/**
 * Policies, a rollout and a preflight over the mixed fleet of real KVM hosts: guests read what a policy gives them,
 * a guest that knows no newer version stops its rollout, and a preflight names whom another kernel would leave behind.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../../src/client/client.ts';
import { type Operator, until, type Vm } from '../../src/standalone/operator.ts';
import { detected, fleet, guestReady, testVm } from '../support/fleet.ts';
import { payloadImage } from '../support/payloads.ts';
import { branch, waitForInterrupt } from './inside/payload.ts';

/**
 * Says of a VM that it is well (2xx) once its guest is ready in a boot after those that it has had by now: however long a
 * guest takes to boot, one that gives up on the way is never well.
 */
async function wellness(operator: Operator, vms: readonly Vm[]) {
  const former = new Set(await Promise.all(vms.map(async ({ id }) => (await operator.vm(id)).bootId)));
  const isWell = async (id: string) => {
    const { bootId } = await operator.vm(id);
    if (bootId === null || former.has(bootId)) return false;
    return (await operator.console(id, bootId)).includes('holdfast guest ready');
  };
  const well = new Set<string>();
  const server = createServer(async (request, response) => {
    const id = request.url?.slice(1) ?? '';
    // Asked again it answers at once, as a probe wants it.
    if (!well.has(id) && (await isWell(id).catch(() => false))) well.add(id);
    response.writeHead(well.has(id) ? 204 : 503).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/{id}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Wide of what a rollout takes on a busy machine: it boots four guests, one after the other. */
const ROLLOUT_MS = 900_000;

describe('a fleet of three kernels', () => {
  it('follows a policy, and a rollout that one guest cannot stand goes back', {
    timeout: 1_500_000,
  }, async () => {
    const service = await fleet();
    const { operator } = service;
    const { client } = operator;
    const selector = { team: 'a' };
    const body = { name: 'team-a', selector, version: '1.0', priority: 10, enforcement: 'enforce' } as const;
    const policy = unwrap(await client.POST('/v1/psci-policies', { body }));
    if (!('id' in policy)) throw new Error('a dry run was not asked for');
    const source = `policy:${policy.id}`;
    await using first = await testVm(service, null, { labels: selector });
    // Knows 1.0 and nothing else: it powers off where it finds another version.
    await using second = await testVm(service, null, { labels: selector, cmdline: 'only_psci=1.0' });
    await Promise.all([first, second].map(({ id }) => operator.act(id, 'start')));
    for (const vm of [first, second]) {
      await operator.consoleShows(vm.id, detected('1.0'));
      const { psci, hostId } = await operator.vm(vm.id);
      expect(psci).toMatchObject({ effective: '1.0', source });
      expect((await operator.host(hostId ?? '')).psci.accepted).toContain('1.0');
      const [started] = await operator.events(vm.id);
      expect(started).toMatchObject({
        kind: 'started',
        pin: { version: '1.0', source, policyRevision: 1 },
      });
      await guestReady(operator, vm.id);
    }

    await using well = await wellness(operator, [first, second]);
    const rollout = unwrap(
      await client.POST('/v1/rollouts', {
        body: {
          name: 'team-a-newer',
          selector,
          to: { version: '1.1' },
          waves: [{ count: 1 }, { percent: 100 }],
          restart: true,
          stopTimeoutSeconds: 120,
          health: { bootTimeoutSeconds: 600, upSeconds: 0, probe: { http: { url: well.url } } },
        },
      }),
    );
    const params = { path: { rolloutId: rollout.id } };
    const over = await until(
      'the rollout to be over',
      async () => {
        const now = unwrap(await client.GET('/v1/rollouts/{rolloutId}', { params }));
        return now.finishedAt === null ? undefined : now;
      },
      ROLLOUT_MS,
    );
    const { items: log } = unwrap(await client.GET('/v1/rollouts/{rolloutId}/events', { params }));
    console.log(
      log
        .toReversed()
        .map(({ kind, vmName, detail }) => `${kind} ${vmName ?? ''}: ${detail}`)
        .join('\n'),
    );
    expect(over).toMatchObject({ status: 'rolledBack', failures: 1 });
    const { items: vms } = unwrap(await client.GET('/v1/rollouts/{rolloutId}/vms', { params }));
    expect(vms.map(({ vmId, wave, state }) => ({ vmId, wave, state }))).toEqual([
      { vmId: first.id, wave: 0, state: 'reverted' },
      { vmId: second.id, wave: 1, state: 'reverted' },
    ]);
    // Both run at 1.0 again, for the reason they did before.
    for (const vm of [first, second]) {
      await operator.consoleShows(vm.id, detected('1.0'));
      const { psci } = await operator.vm(vm.id);
      expect(psci).toMatchObject({ policy: 'inherit', effective: '1.0', source });
      const boots = (await operator.events(vm.id)).filter(({ kind }) => kind === 'started');
      expect(boots.map(({ pin }) => pin?.version)).toEqual(['1.0', '1.1', '1.0']);
    }
    await client.DELETE('/v1/psci-policies/{policyId}', { params: { path: { policyId: policy.id } } });
  });

  it('is told whom a kernel of 6.1 would leave behind', { timeout: 900_000 }, async () => {
    const service = await fleet();
    const { operator } = service;
    const { client } = operator;
    const pinned = (version: '1.1' | '1.2' | '1.3') => ({ psci: { policy: 'pinned' as const, version } });
    const { id: imageId } = await payloadImage(operator, 'rests', [...waitForInterrupt, ...branch(-1)]);
    const resting = { memoryMiB: 16, imageId };
    await using stays = await testVm(service, '7.3', { ...pinned('1.1'), ...resting });
    await using twelve = await testVm(service, '7.3', { ...pinned('1.2'), ...resting });
    await using thirteen = await testVm(service, '7.3', { ...pinned('1.3'), ...resting });
    await using asleep = await testVm(service, '7.3', {
      ...pinned('1.3'),
      memoryMiB: service.image.memoryMiB,
      disks: [{ name: 'root', sizeMiB: 256, readOnly: false }],
    });
    await Promise.all([asleep, stays, twelve, thirteen].map(({ id }) => operator.act(id, 'start')));
    await guestReady(operator, asleep.id);
    await operator.act(asleep.id, 'hibernate');
    const [newer, older] = ['7.3', '6.1'].map((kernel) =>
      service.enrolled.get(service.emulated(kernel as '7.3' | '6.1').name),
    );
    const fingerprint = await until('the fingerprint of the older host', async () => {
      const host = await operator.host(older?.id ?? '');
      return host.fingerprint?.digest;
    });
    const { vms } = unwrap(
      await client.POST('/v1/preflights', {
        body: { hostId: newer?.id ?? '', target: { fingerprint } },
      }),
    );
    const ours = new Set([stays, twelve, thirteen, asleep].map(({ id }) => id));
    const named = vms
      .filter(({ vmId, verdict }) => ours.has(vmId) && verdict !== 'keeps')
      .map(({ vmId, verdict }) => ({ vmId, verdict }));
    expect(named).toEqual([
      { vmId: twelve.id, verdict: 'cannotStart' },
      { vmId: thirteen.id, verdict: 'cannotStart' },
      { vmId: asleep.id, verdict: 'cannotResume' },
    ]);
  });
});
