import { describe, expect, it } from 'vitest';
import { ACTION_TABLE } from '../../../../src/control/vms/vm-actions.ts';
import { VM_PHASES } from '../../../../src/control/vms/vm-phase.ts';
import { consequencesOf, isPossible, type VmAction } from '../../../../src/dashboard/model/vm-actions.ts';

const ACTIONS = [
  'start',
  'stop',
  'hibernate',
  'pause',
  'resume',
  'reset',
  'migrate',
  'kill',
  'delete',
] as const;

function vm(fields: {
  phase?: 'running' | 'hibernating' | 'unknown';
  version?: '1.1' | '1.3';
  disks?: 'none' | 'ro' | 'rw';
}) {
  const { phase = 'running', version = '1.1', disks = 'rw' } = fields;
  return {
    name: 'web-1',
    phase,
    psci: {
      policy: 'pinned' as const,
      version,
      allowInsecure: false,
      allowMissingRegisters: false,
      systemSuspend: false,
      effective: version,
      source: 'vm',
      policyRevision: null,
      why: null,
      pinnedAt: null,
      hibernateDetection: version === '1.3',
      fingerprint: null,
    },
    disks: disks === 'none' ? [] : [{ name: 'root', sizeMiB: 64, readOnly: disks === 'ro' }],
  };
}
const said = (action: VmAction, subject: ReturnType<typeof vm>) =>
  (consequencesOf(action, subject)?.points ?? []).map(({ text }) => text).join(' ');
const losses = (action: VmAction, subject: ReturnType<typeof vm>) =>
  (consequencesOf(action, subject)?.points ?? []).filter(({ weight }) => weight === 'loss').length;

describe('the actions offered', () => {
  it.each(ACTIONS)('%s is offered in exactly the phases in which the API takes it', (action) => {
    for (const phase of VM_PHASES) {
      expect(isPossible(action, { phase }), phase).toBe(ACTION_TABLE[action][phase] === null);
    }
  });
});

describe('the question before an action', () => {
  it('is not asked where nothing is lost', () => {
    expect(consequencesOf('start', vm({}))).toBeNull();
    expect(consequencesOf('resume', vm({}))).toBeNull();
  });
  it('says what kill and reset lose', () => {
    expect(losses('kill', vm({}))).toBe(1);
    expect(losses('reset', vm({}))).toBe(1);
    expect(losses('kill', vm({ phase: 'hibernating' }))).toBe(2);
  });
  it('says that a kill on a silent host is kept', () => {
    expect(said('kill', vm({ phase: 'unknown' }))).toContain('The request is kept');
    expect(said('kill', vm({}))).not.toContain('The request is kept');
  });
  it('says that a pin below 1.3 cannot tell hibernation, and only then', () => {
    expect(said('hibernate', vm({ version: '1.1' }))).toContain('cannot be told from a power-off');
    expect(said('stop', vm({ version: '1.1' }))).toContain('cannot be told from a power-off');
    expect(said('hibernate', vm({ version: '1.3' }))).not.toContain('cannot be told');
  });
  it('warns of hibernating without a writable disk', () => {
    expect(losses('hibernate', vm({ disks: 'none' }))).toBe(1);
    expect(losses('hibernate', vm({ disks: 'ro' }))).toBe(1);
    expect(losses('hibernate', vm({ disks: 'rw' }))).toBe(0);
  });
});
