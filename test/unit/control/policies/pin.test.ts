import { describe, expect, it } from 'vitest';
import {
  checkPolicy,
  currentPin,
  hibernationNote,
  patchPolicy,
  pinFor,
  pinLock,
  powerOffNote,
} from '../../../../src/control/policies/pin.ts';
import { Refusal } from '../../../../src/control/refusals.ts';

const host = { psciAccepted: ['1.0', '1.1', '1.3'], psciDefault: '1.3' } as const;
const vm = {
  psciPolicy: 'inherit',
  psciVersion: null,
  psciAllowInsecure: false,
  psciEffective: null,
  psciSource: null,
  psciPolicyRevision: null,
  fleetPolicies: [],
  hibernation: null,
  restoring: false,
} as const;

describe('the pin of a VM', () => {
  it('is resolved on the host of its boot', () => {
    expect(pinFor(vm, host)).toEqual({ version: '1.1', source: 'default', policyRevision: null });
    expect(pinFor({ ...vm, psciPolicy: 'sticky' }, host)).toEqual({
      version: '1.3',
      source: 'sticky',
      policyRevision: null,
    });
    expect(pinFor({ ...vm, psciPolicy: 'latest' }, host)).toEqual({
      version: '1.3',
      source: 'latest',
      policyRevision: null,
    });
    expect(pinFor({ ...vm, psciPolicy: 'pinned', psciVersion: '1.0' }, host)).toEqual({
      version: '1.0',
      source: 'vm',
      policyRevision: null,
    });
  });

  it('is what it was for a guest that hibernated, or may have', () => {
    const before = { ...vm, psciPolicy: 'latest', psciEffective: '1.0', psciSource: 'latest' } as const;
    for (const hibernation of ['yes', 'unknown'] as const) {
      expect(pinFor({ ...before, hibernation }, host)?.version).toBe('1.0');
    }
    expect(pinFor({ ...before, hibernation: 'no' }, host)?.version).toBe('1.3');
  });

  it('is what it was for a guest that goes on from a snapshot', () => {
    const saved = { ...vm, psciPolicy: 'latest', psciEffective: '1.0', psciSource: 'latest' } as const;
    expect(pinFor({ ...saved, restoring: true }, host)?.version).toBe('1.0');
  });

  it('is never insecure by accident', () => {
    const old = { psciAccepted: ['0.2'], psciDefault: '0.2' } as const;
    expect(pinFor({ ...vm, psciPolicy: 'sticky' }, old)).toBeNull();
    expect(pinFor({ ...vm, psciPolicy: 'sticky', psciAllowInsecure: true }, old)?.version).toBe('0.2');
  });

  it('is told before the first boot where no host decides it', () => {
    expect(currentPin(vm)).toEqual({ version: '1.1', source: 'default', policyRevision: null });
    expect(currentPin({ ...vm, psciPolicy: 'sticky' })).toBeNull();
    expect(
      currentPin({ ...vm, psciPolicy: 'latest', psciEffective: '1.0', psciSource: 'latest' })?.version,
    ).toBe('1.0');
  });

  it('is locked by a run beyond force, by hibernation short of it', () => {
    const of = (fields: object) =>
      pinLock({ name: 'a', runId: null, phase: 'stopped', hibernation: null, restoring: false, ...fields })
        ?.overridable ?? null;
    expect(of({})).toBeNull();
    expect(of({ hibernation: 'no' })).toBeNull();
    expect(of({ restoring: true })).toBe(false);
    expect(of({ hibernation: 'unknown' })).toBe(true);
    expect(of({ hibernation: 'yes' })).toBe(true);
    expect(of({ hibernation: 'yes', runId: 'run' })).toBe(false);
  });

  it('comes with a note where a guest cannot say that it hibernates', () => {
    expect(hibernationNote('1.3')).toBeNull();
    expect(hibernationNote('1.1')).toMatch(/PSCI 1\.1/);
  });

  it('comes with a note where a guest cannot power off', () => {
    expect(powerOffNote('0.2')).toBeNull();
    expect(powerOffNote(null)).toBeNull();
    expect(powerOffNote('0.1')).toMatch(/no call to power off at PSCI 0\.1/);
  });
});

describe('a policy', () => {
  const refusal = (check: () => unknown) => {
    try {
      return check();
    } catch (error) {
      return error instanceof Refusal ? error.code : error;
    }
  };

  it('is checked', () => {
    expect(checkPolicy({})).toEqual({
      psciPolicy: 'inherit',
      psciVersion: null,
      psciAllowInsecure: false,
      psciAllowMissing: false,
      psciSystemSuspend: false,
    });
    expect(checkPolicy({ version: '1.0' })).toMatchObject({ psciPolicy: 'pinned', psciVersion: '1.0' });
    expect(refusal(() => checkPolicy({ policy: 'pinned' }))).toBe('PSCI_VERSION_REQUIRED');
    expect(refusal(() => checkPolicy({ policy: 'inherit', version: '1.0' }))).toBe(
      'PSCI_VERSION_NOT_ALLOWED',
    );
    expect(refusal(() => checkPolicy({ version: '0.1' }))).toBe('PSCI_VERSION_INSECURE');
    expect(checkPolicy({ version: '0.1', allowInsecure: true })).toMatchObject({ psciVersion: '0.1' });
  });

  it('is patched', () => {
    const pinned = {
      psciPolicy: 'pinned',
      psciVersion: '1.0',
      psciAllowInsecure: false,
      psciAllowMissing: false,
      psciSystemSuspend: false,
    } as const;
    expect(patchPolicy(pinned, { policy: 'sticky' })).toMatchObject({
      psciPolicy: 'sticky',
      psciVersion: null,
    });
    expect(patchPolicy(pinned, { version: '1.3' })).toMatchObject({
      psciPolicy: 'pinned',
      psciVersion: '1.3',
    });
    expect(patchPolicy(pinned, {})).toEqual(pinned);
    expect(patchPolicy(pinned, { allowMissingRegisters: true })).toEqual({
      ...pinned,
      psciAllowMissing: true,
    });
    expect(patchPolicy(pinned, { systemSuspend: true })).toEqual({ ...pinned, psciSystemSuspend: true });
    expect(refusal(() => patchPolicy(pinned, { version: null }))).toBe('PSCI_VERSION_REQUIRED');
    expect(
      patchPolicy({ ...pinned, psciPolicy: 'inherit', psciVersion: null }, { version: '1.3' }),
    ).toMatchObject({
      psciPolicy: 'pinned',
    });
  });
});
