import { describe, expect, it } from 'vitest';
import {
  waveSizes as apiWaveSizes,
  ROLLOUT_VM_STATES,
} from '../../../../src/control/rollouts/rollout-plan.ts';
import type { Policy, Rollout } from '../../../../src/dashboard/data/types.ts';
import {
  freePriority,
  hasErrors,
  NEW_POLICY,
  policyErrors,
  toPolicy,
  toProposal,
} from '../../../../src/dashboard/model/policy-draft.ts';
import { byPrecedence, dryRunWords, pinSourceWords } from '../../../../src/dashboard/model/policy-words.ts';
import { answerWords, toQuestion, whoWords } from '../../../../src/dashboard/model/preflight-question.ts';
import {
  isFaulty,
  NEW_ROLLOUT,
  type RolloutDraft,
  rolloutErrors,
  toRollout,
  waveSizes,
} from '../../../../src/dashboard/model/rollout-draft.ts';
import {
  probeWords,
  STATES,
  segmentsOf,
  statesWords,
  waveState,
} from '../../../../src/dashboard/model/rollout-words.ts';
import { labelErrors, selectorWords, toSelector } from '../../../../src/dashboard/model/selector.ts';

const label = (key: number, name: string, value = '') => ({ key, name, value });

describe('a selector', () => {
  it('is told in words', () => {
    expect(selectorWords({}, 'every VM')).toBe('every VM');
    expect(selectorWords({ team: 'a', zone: '' }, 'every VM')).toBe('team: a, zone: ');
  });
  it('is made of rows whose keys are labels, each once', () => {
    expect(toSelector([label(0, ' team ', ' a ')])).toEqual({ team: 'a' });
    const errors = labelErrors([label(0, 'team'), label(1, 'team'), label(2, ''), label(3, 'a/b')]);
    expect([...errors.keys()]).toEqual([1, 2]);
  });
});

describe('a policy in the form', () => {
  it('is refused with what is wrong, and asked about before it has a name', () => {
    expect(hasErrors(policyErrors(NEW_POLICY))).toBe(true);
    expect(toProposal(NEW_POLICY)).toMatchObject({ name: 'unnamed', selector: {}, priority: 0 });
    expect(toProposal({ ...NEW_POLICY, priority: '1.5' })).toBeNull();
    expect(policyErrors({ ...NEW_POLICY, priority: '' }).priority).toBeDefined();
    const draft = { ...NEW_POLICY, name: 'team-a', labels: [label(0, 'team', 'a')], priority: '-3' };
    expect(hasErrors(policyErrors(draft))).toBe(false);
    expect(toPolicy(draft)).toEqual({
      name: 'team-a',
      selector: { team: 'a' },
      version: '1.1',
      priority: -3,
      enforcement: 'enforce',
    });
  });

  it('begins above the enforced ones that are there', () => {
    expect(freePriority([])).toBe(0);
    expect(freePriority([{ priority: 7, enforcement: 'enforce' }])).toBe(8);
    expect(freePriority([{ priority: 7, enforcement: 'audit' }])).toBe(0);
    expect(freePriority([{ priority: 1_000_000, enforcement: 'enforce' }])).toBe(1_000_000);
  });

  it('stands in the list where it is asked', () => {
    const policy = (name: string, priority: number, enforcement: Policy['enforcement'] = 'enforce') =>
      ({ name, priority, enforcement }) as Policy;
    const sorted = [policy('low', 1), policy('audited', 9, 'audit'), policy('high', 5)].sort(byPrecedence);
    expect(sorted.map(({ name }) => name)).toEqual(['high', 'low', 'audited']);
  });

  it('says what a dry run found', () => {
    const vms = { selected: 3, changing: 1, kept: 0, unplaceable: 0, items: [], nextPageToken: null };
    expect(dryRunWords({ vms }, 'enforce')).toBe(
      '3 VMs are selected; 1 VM would have another version at the next cold boot.',
    );
    expect(dryRunWords({ vms: { ...vms, changing: 0 } }, 'enforce')).toContain('no next cold boot');
    expect(dryRunWords({ vms }, 'audit')).toContain('changes none');
    expect(pinSourceWords('policy:1', new Map([['1', 'team-a']]))).toBe('policy team-a');
    expect(pinSourceWords('default', new Map())).toBe('fleet default');
  });
});

describe('a rollout in the form', () => {
  it('is complete but for its name, and becomes what the API takes', () => {
    expect(rolloutErrors(NEW_ROLLOUT).fields).toEqual({ name: expect.any(String) });
    const draft = { ...NEW_ROLLOUT, name: 'to-1.1' };
    expect(isFaulty(rolloutErrors(draft))).toBe(false);
    expect(toRollout(draft)).toMatchObject({
      to: { version: '1.1' },
      waves: [
        { count: 1, soakSeconds: 600 },
        { percent: 10, soakSeconds: 600 },
        { percent: 100, soakSeconds: 0 },
      ],
      maxUnavailable: 1,
      health: { bootTimeoutSeconds: 300, upSeconds: 60 },
    });
    expect(toRollout({ ...draft, to: 'sticky' }).to).toEqual({ policy: 'sticky' });
    expect(toRollout({ ...draft, to: '0.2', allowInsecure: true }).to).toEqual({
      version: '0.2',
      allowInsecure: true,
    });
  });

  it('is refused where a number cannot be', () => {
    const wave = { key: 0, unit: 'percent' as const, size: '101', soakMinutes: '0' };
    expect(rolloutErrors({ ...NEW_ROLLOUT, name: 'a', waves: [wave] }).waves.size).toBe(1);
    expect(rolloutErrors({ ...NEW_ROLLOUT, maxUnavailable: '0' }).fields.maxUnavailable).toBeDefined();
    expect(rolloutErrors({ ...NEW_ROLLOUT, upSeconds: '' }).fields.upSeconds).toBeDefined();
  });

  it('asks its VMs whether they are well as the API takes it', () => {
    const withProbe = (probe: Partial<RolloutDraft['probe']>) => ({
      ...NEW_ROLLOUT,
      name: 'a',
      probe: { ...NEW_ROLLOUT.probe, ...probe },
    });
    const http = { kind: 'http', url: ' http://{name}.example/health ' } as const;
    expect(toRollout(withProbe(http)).health).toMatchObject({
      probe: { http: { url: 'http://{name}.example/health' } },
    });
    expect(toRollout(withProbe({ ...http, status: '204' })).health?.probe).toMatchObject({
      http: { status: 204 },
    });
    const tcp = { kind: 'tcp', host: '{address}', port: '22' } as const;
    expect(toRollout(withProbe(tcp)).health?.probe).toEqual({ tcp: { host: '{address}', port: 22 } });
    expect(toRollout(withProbe({ ...http, kind: 'none' })).health).not.toHaveProperty('probe');

    expect(isFaulty(rolloutErrors(withProbe(http)))).toBe(false);
    for (const wrong of [{ url: 'ftp://a' }, { url: 'http://a b' }, { status: '99' }, { status: 'ok' }]) {
      expect(isFaulty(rolloutErrors(withProbe({ ...http, ...wrong }))), JSON.stringify(wrong)).toBe(true);
    }
    for (const wrong of [{ host: '' }, { host: 'a/b' }, { port: '0' }, { port: '' }, { port: '65536' }]) {
      expect(isFaulty(rolloutErrors(withProbe({ ...tcp, ...wrong }))), JSON.stringify(wrong)).toBe(true);
    }
    expect(probeWords({ tcp: { host: 'a', port: 1 } })).toEqual(['TCP a:1', 'accepts a connection']);
    expect(probeWords({ http: { url: 'http://a', status: 204 } })).toEqual(['GET http://a', 'answers 204']);
  });

  it('divides VMs among its waves as the API does', () => {
    const plans = [
      [{ unit: 'count' as const, size: '1' }],
      NEW_ROLLOUT.waves,
      [
        { unit: 'percent' as const, size: '33' },
        { unit: 'percent' as const, size: '33' },
        { unit: 'count' as const, size: '5' },
        { unit: 'percent' as const, size: '1' },
      ],
    ];
    for (const plan of plans) {
      for (const total of [0, 1, 2, 3, 7, 10, 101]) {
        const asked = plan.map(({ unit, size }) => ({ [unit]: Number(size), soakSeconds: 0 }));
        expect(waveSizes(plan, total)).toEqual(apiWaveSizes(asked, total));
      }
    }
  });
});

describe('a rollout in words', () => {
  it('knows every state of the API', () => {
    expect(Object.keys(STATES).sort()).toEqual([...ROLLOUT_VM_STATES].sort());
  });

  it('gathers states for its bar, and names each', () => {
    const states = { healthy: 3, set: 1, booting: 1, waiting: 0, skipped: 2 };
    expect(segmentsOf(states)).toEqual([
      { group: 'done', vms: 4 },
      { group: 'moving', vms: 1 },
      { group: 'apart', vms: 2 },
    ]);
    expect(statesWords(states)).toBe('1 booting, 3 healthy, 1 set while off, 2 skipped');
    expect(statesWords({})).toBe('no VMs');
  });

  it('says which wave is under way', () => {
    const of = (status: Rollout['status'], wave: number) =>
      [0, 1, 2].map((index) => waveState(index, { status, wave }));
    expect(of('running', 1)).toEqual(['through', 'now', 'later']);
    expect(of('succeeded', 2)).toEqual(['through', 'through', 'through']);
    expect(of('rolledBack', 1)).toEqual(['ended', 'ended', 'unreached']);
  });
});

describe('a preflight', () => {
  const draft = {
    which: 'host' as const,
    hostId: '1',
    labels: [],
    target: 'version' as const,
    version: '1.3' as const,
    likeHostId: '',
    fingerprint: '',
  };

  it('is asked once all of it is chosen', () => {
    expect(toQuestion(draft)).toEqual({ hostId: '1', target: { version: '1.3' } });
    expect(toQuestion({ ...draft, hostId: '' })).toBeNull();
    expect(toQuestion({ ...draft, target: 'host' })).toBeNull();
    expect(toQuestion({ ...draft, which: 'labels', labels: [label(0, 'rack', '1')] })).toEqual({
      hostSelector: { rack: '1' },
      target: { version: '1.3' },
    });
  });

  it('is answered in a sentence', () => {
    const counts = { keeps: 0, seesChange: 0, cannotStart: 0, cannotResume: 0 };
    expect(answerWords(counts)).toContain('No VM');
    expect(answerWords({ ...counts, keeps: 2 })).toBe('All 2 VMs keep their firmware.');
    expect(answerWords({ keeps: 5, seesChange: 2, cannotStart: 1, cannotResume: 1 })).toBe(
      '2 VMs could not start or go on there; 2 VMs would be shown a change; 5 VMs would notice nothing.',
    );
    expect(whoWords({ hostSelector: {}, target: {} }, null)).toBe('every host');
    expect(whoWords({ hostId: '1', target: {} }, 'host-1')).toBe('host-1');
  });
});
