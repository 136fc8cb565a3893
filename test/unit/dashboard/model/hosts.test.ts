import { describe, expect, it } from 'vitest';
import type { Host } from '../../../../src/dashboard/data/types.ts';
import {
  declareLostQuestion,
  drainBody,
  drainPoints,
  mayBeDeclaredLost,
  uncordonQuestion,
} from '../../../../src/dashboard/model/host-actions.ts';
import { compareHosts } from '../../../../src/dashboard/model/host-compare.ts';
import { narrowHosts, sumHosts } from '../../../../src/dashboard/model/host-list.ts';
import {
  acceptedRange,
  answersWords,
  byAttention,
  stepState,
} from '../../../../src/dashboard/model/host-words.ts';

const MEASURED = {
  digest: 'sha256:a',
  takenAt: '2026-01-01T00:00:00Z',
  versions: { '1.0': 'sha256:x', '1.1': 'sha256:y' },
  differences: 0,
  worse: false,
  changed: false,
};

function host(name: string, fields: Partial<Host> = {}): Host {
  return {
    id: `id of ${name}`,
    name,
    labels: {},
    agentVersion: '0.1.0',
    kernel: '6.12.9-arm64',
    bootId: '',
    psci: { accepted: ['1.0', '1.1'], default: '1.1' },
    fingerprint: MEASURED,
    capacity: { vcpus: 8, memoryMiB: 1024 },
    allocated: { vcpus: 2, memoryMiB: 256 },
    vms: 2,
    cordoned: false,
    simulated: false,
    lease: { state: 'active', expiresAt: '' },
    lastSeenAt: '',
    lostAt: null,
    credentialRevokedAt: null,
    createdAt: '',
    ...fields,
  };
}

const silent = host('silent-1', { lease: { state: 'expired', expiresAt: '' } });
const lost = host('lost-1', { lease: { state: 'expired', expiresAt: '' }, lostAt: 'then', cordoned: true });
const cordoned = host('cordoned-1', { cordoned: true, labels: { rack: 'r7' } });
const changed = host('changed-1', { fingerprint: { ...MEASURED, changed: true, differences: 3 } });
const plain = [host('host-10'), host('host-2', { psci: { accepted: ['1.0'], default: '1.0' } })];
const all = [...plain, changed, cordoned, lost, silent];
const names = (hosts: readonly Host[]) => hosts.map(({ name }) => name);

describe('a list of hosts', () => {
  const narrow = (filter: object) => names(narrowHosts(all, { text: '', state: '', version: '', ...filter }));

  it('is in the order of names, numbers as numbers', () => {
    expect(narrow({ text: 'host-' })).toEqual(['host-2', 'host-10']);
  });
  it('is narrowed by state, by version and by what hosts are called', () => {
    expect(narrow({ state: 'silent' })).toEqual(['silent-1']);
    expect(narrow({ state: 'lost' })).toEqual(['lost-1']);
    expect(narrow({ state: 'cordoned' })).toEqual(['cordoned-1']);
    expect(narrow({ state: 'changed' })).toEqual(['changed-1']);
    expect(narrow({ version: '1.1' })).not.toContain('host-2');
    expect(narrow({ text: 'RACK:R7' })).toEqual(['cordoned-1']);
    expect(narrow({ text: '6.12.9', state: 'odd' })).toEqual(['changed-1']);
  });
  it('is summed', () => {
    expect(sumHosts(all)).toEqual({ silent: 2, cordoned: 2, changed: 1, vcpus: 48, vcpusUsed: 12 });
  });
  it('puts first what wants a look', () => {
    expect(names([...plain, cordoned, changed, silent].sort(byAttention))).toEqual([
      'silent-1',
      'changed-1',
      'cordoned-1',
      'host-2',
      'host-10',
    ]);
  });
});

describe('what a host answers guests', () => {
  it('is told with what matters most', () => {
    expect(answersWords(null).tone).toBe('open');
    expect(answersWords(MEASURED).tone).toBe('good');
    expect(answersWords({ ...MEASURED, differences: 1 }).words).toBe('1 odd answer');
    expect(answersWords({ ...MEASURED, differences: 1, worse: true }).tone).toBe('bad');
    expect(answersWords({ ...MEASURED, changed: true }).words).toBe('changed');
  });
  it('is told of versions in short', () => {
    expect(acceptedRange(['0.2', '1.0', '1.1'])).toEqual({ from: '0.2', to: '1.1', missing: [] });
    expect(acceptedRange(['1.0', '1.3'])).toMatchObject({ missing: ['1.1', '1.2'] });
    expect(acceptedRange(['1.0'])).toEqual({ from: '1.0', to: '1.0', missing: [] });
  });
  it('is compared version by version', () => {
    const other = host('other', {
      psci: { accepted: ['1.0', '1.1', '1.2', '1.3'], default: '1.3' },
      fingerprint: { ...MEASURED, versions: { '1.0': 'sha256:x', '1.1': 'sha256:z', '1.2': 'sha256:w' } },
    });
    const third = host('third', { psci: { accepted: ['0.2', '1.0'], default: '1.0' }, fingerprint: null });
    expect(compareHosts(plain[0] ?? third, other)).toEqual({
      onlyA: [],
      onlyB: ['1.2', '1.3'],
      alike: ['1.0'],
      unlike: ['1.1'],
      unmeasured: [],
    });
    expect(compareHosts(third, other)).toMatchObject({ onlyA: ['0.2'], alike: [], unmeasured: ['1.0'] });
  });
});

describe('the steps of a kernel upgrade', () => {
  const steps = (status: Parameters<typeof stepState>[1]['status'], after: object | null = null) =>
    (['draining', 'awaitingReboot', 'checking', 'completed'] as const).map((step) =>
      stepState(step, { status, after: after as Parameters<typeof stepState>[1]['after'] }),
    );

  it('are done, under way or to come', () => {
    expect(steps('draining')).toEqual(['now', 'later', 'later', 'later']);
    expect(steps('awaitingReboot')).toEqual(['done', 'now', 'later', 'later']);
    expect(steps('checking')).toEqual(['done', 'done', 'now', 'later']);
    expect(steps('completed')).toEqual(['done', 'done', 'done', 'done']);
  });
  it('wait for a person where the new kernel differs', () => {
    expect(steps('differs')).toEqual(['done', 'done', 'stuck', 'later']);
  });
  it('say of a cancelled one only what is known to have happened', () => {
    expect(steps('cancelled')).toEqual(['later', 'later', 'later', 'later']);
    expect(steps('cancelled', {})).toEqual(['done', 'done', 'later', 'later']);
  });
});

describe('what is asked of a host', () => {
  it('says what a forced drain loses', () => {
    expect(
      drainPoints(plain[0] ?? silent, { action: '', force: false }).some(({ weight }) => weight === 'loss'),
    ).toBe(false);
    expect(
      drainPoints(plain[0] ?? silent, { action: 'stop', force: true }).some(
        ({ weight }) => weight === 'loss',
      ),
    ).toBe(true);
    expect(drainBody({ action: '', force: false })).toEqual({});
    expect(drainBody({ action: 'hibernate', force: true })).toEqual({ action: 'hibernate', force: true });
  });
  it('warns when uncordoning ends an upgrade that is under way', () => {
    expect(uncordonQuestion(cordoned, null).tone).toBe('primary');
    const open = { finishedAt: null } as Parameters<typeof uncordonQuestion>[1];
    expect(uncordonQuestion(cordoned, open)).toMatchObject({ tone: 'danger' });
  });
  it('gives up a silent host only', () => {
    expect(all.filter(mayBeDeclaredLost)).toEqual([silent]);
    expect(declareLostQuestion(silent).points[0]?.text).toContain('2 VMs');
  });
});
