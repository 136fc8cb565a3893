import { describe, expect, it } from 'vitest';
import {
  actorName,
  bytes,
  count,
  duration,
  isMoment,
  memory,
  relativeTime,
} from '../../../../src/dashboard/model/format.ts';

describe('durations', () => {
  it('are told in the largest unit that fits', () => {
    expect([0, 59.9, 60, 3_599, 3_600, 86_399, 86_400].map(duration)).toEqual([
      '0 s',
      '59 s',
      '1 min',
      '59 min',
      '1 h',
      '23 h',
      '1 d',
    ]);
  });
  it('are never negative', () => {
    expect(duration(-3)).toBe('0 s');
  });
});

describe('times', () => {
  const now = Date.parse('2026-01-01T12:00:00Z');
  it('are told from now, in both directions', () => {
    expect(relativeTime(now - 1_000, now)).toBe('just now');
    expect(relativeTime(now + 800, now)).toBe('just now');
    expect(relativeTime(now - 90_000, now)).toBe('1 min ago');
    expect(relativeTime(now + 90_000, now)).toBe('in 1 min');
  });
});

describe('sizes and numbers', () => {
  it('use GiB from 1024 MiB on', () => {
    expect([512, 1_024, 1_536, 65_536].map(memory)).toEqual(['512 MiB', '1 GiB', '1.5 GiB', '64 GiB']);
  });
  it('count in one or many', () => {
    expect([count(0, 'VM'), count(1, 'VM'), count(20_000, 'VM')]).toEqual(['0 VMs', '1 VM', '20,000 VMs']);
  });
});

describe('bytes', () => {
  it('are told in the unit that fits', () => {
    expect([0, 999, 1_000, 1_550_000, 2e9, 7e15].map(bytes)).toEqual([
      '0 B',
      '999 B',
      '1 kB',
      '1.6 MB',
      '2 GB',
      '7000 TB',
    ]);
  });
});

describe('moments', () => {
  it('are told from other text', () => {
    expect(isMoment('2026-01-31T12:00:00.000Z')).toBe(true);
    expect(isMoment('2026-01-31T12:00:00+02:00')).toBe(true);
    for (const text of ['', 'yesterday', '2026-01-31', '2026-13-31T12:00:00Z'])
      expect(isMoment(text)).toBe(false);
  });
});

describe('who asked', () => {
  const id = '01a20703-6562-72bb-bc48-476e950c421e';

  it('is told without an id', () => {
    expect([`admin (${id})`, `migration:${id}`, `rollout:${id}`, `drain:${id}`].map(actorName)).toEqual([
      'admin',
      'a migration',
      'a rollout',
      'a drain',
    ]);
    expect(actorName('holdfast:power-state')).toBe('Holdfast');
    expect(actorName('anonymous')).toBe('anonymous');
  });
});
