import { describe, expect, it } from 'vitest';
import type { FleetHost, FleetVm } from '../../../../src/control/fleet/fleet-pins.ts';
import { policyImpact } from '../../../../src/control/policies/policy-impact.ts';
import type { FleetPolicy } from '../../../../src/psci/fleet-policy.ts';

const host = (id: string, more: Partial<FleetHost> = {}): FleetHost => ({
  id,
  name: id,
  labels: {},
  kernel: '6.1',
  psciAccepted: ['0.2', '1.0', '1.1'],
  psciDefault: '1.1',
  psciRegisters: null,
  psciSuspends: null,
  lost: false,
  ...more,
});
const recent = { psciAccepted: ['0.2', '1.0', '1.1', '1.2', '1.3'], psciDefault: '1.3' } as const;
const newer = (id: string, more: Partial<FleetHost> = {}) =>
  host(id, { psciAccepted: [...recent.psciAccepted], psciDefault: recent.psciDefault, ...more });
const vm = (id: string, more: Partial<FleetVm> = {}): FleetVm => ({
  id,
  name: id,
  labels: { team: 'a' },
  hostSelector: {},
  hostId: null,
  hasDisks: false,
  psciPolicy: 'inherit',
  psciVersion: null,
  psciAllowInsecure: false,
  psciEffective: null,
  psciSource: null,
  psciPolicyRevision: null,
  hibernation: null,
  restoring: false,
  ...more,
});
const policy = (more: Partial<FleetPolicy> = {}): FleetPolicy => ({
  id: 'p',
  revision: 1,
  name: 'p',
  selector: { team: 'a' },
  version: '1.3',
  priority: 10,
  enforcement: 'enforce',
  ...more,
});
const ran = { psciEffective: '1.1', psciSource: 'default' } as const;

describe('the impact of a policy', () => {
  it('is on the VMs that it decides for, and no others', () => {
    const vms = [
      vm('inherits'),
      vm('pinned', { psciPolicy: 'pinned', psciVersion: '1.0' }),
      vm('stranger', { labels: {} }),
    ];
    const { vms: found } = policyImpact(
      { vms, hosts: [newer('h')], policies: [] },
      { before: null, after: policy() },
    );
    expect(found).toMatchObject({ selected: 2, changing: 1, changes: [{ id: 'inherits' }] });
    const stronger = policy({ id: 'q', version: '1.1', priority: 11 });
    const overruled = policyImpact(
      { vms, hosts: [newer('h')], policies: [stronger] },
      { before: null, after: policy() },
    );
    expect(overruled.vms.changing).toBe(0);
    const audited = policyImpact(
      { vms, hosts: [newer('h')], policies: [] },
      { before: null, after: policy({ enforcement: 'audit' }) },
    );
    expect(audited.vms.changing).toBe(0);
  });

  it('is none yet on a guest that comes back to what it knows', () => {
    const off = (['yes', 'unknown', 'no'] as const).map((hibernation) =>
      vm(hibernation, { ...ran, hibernation }),
    );
    const { vms } = policyImpact(
      { vms: [...off, vm('restoring', { ...ran, restoring: true })], hosts: [newer('h')], policies: [] },
      { before: null, after: policy() },
    );
    expect(vms).toMatchObject({ changing: 1, kept: 3, changes: [{ id: 'no', effective: '1.1' }] });
  });

  it('counts hosts by disks and selectors, without the lost ones', () => {
    const hosts = [
      host('old'),
      newer('new'),
      newer('far', { labels: { zone: 'b' } }),
      newer('gone', { lost: true }),
    ];
    const vms = [
      vm('free'),
      vm('bound', { ...ran, hibernation: 'no', hostId: 'old', hasDisks: true }),
      vm('choosy', { hostSelector: { zone: 'b' } }),
      vm('nowhere', { hostSelector: { zone: 'c' } }),
    ];
    const { vms: found, hosts: places } = policyImpact(
      { vms, hosts, policies: [] },
      { before: null, after: policy() },
    );
    expect(found.changes.map(({ id, acceptedBy }) => [id, acceptedBy])).toEqual([
      ['free', 2],
      ['bound', 0],
      ['choosy', 1],
      ['nowhere', 0],
    ]);
    expect(found.unplaceable).toBe(2);
    expect(places.versions).toEqual([{ version: '1.3', vms: 4, accepting: 2, refusing: 1 }]);
    expect(places.losses).toEqual([
      { id: 'old', name: 'old', kernel: '6.1', versions: ['1.3'], vms: 2, placed: 1 },
    ]);
  });

  it('goes by the host where that decides', () => {
    const vms = [vm('there', { hostId: 'new' }), vm('anywhere')];
    const { vms: found } = policyImpact(
      { vms, hosts: [newer('new')], policies: [policy({ version: 'latest' })] },
      { before: policy({ version: 'latest' }), after: null },
    );
    expect(found.changes).toMatchObject([
      {
        id: 'there',
        from: { version: '1.3', source: 'policy:p' },
        to: { version: '1.1', source: 'default' },
      },
      { id: 'anywhere', from: { version: null, source: null }, to: { version: '1.1' }, acceptedBy: 1 },
    ]);
  });
});
