import { describe, expect, it } from 'vitest';
import { REFUSALS, Refusal } from '../../../src/control/refusals.ts';

describe('refusals', () => {
  it.each(Object.entries(REFUSALS))('%s has a code, a status and a title', (code, { status, title }) => {
    expect(code).toMatch(/^[A-Z][A-Z0-9_]*$/);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    expect(title).toMatch(/^[A-Z].*[^.]$/);
  });

  it('replays no answer that blames the server', () => {
    const kinds: { status: number; transient?: true }[] = Object.values(REFUSALS);
    expect(kinds.filter(({ status, transient }) => status >= 500 && transient !== true)).toEqual([]);
  });

  it('is an error that keeps its cause', () => {
    const cause = new Error('inside');
    const refusal = new Refusal('CONFLICT', 'try again', { cause, retryAfter: 2 });
    expect(refusal).toMatchObject({ code: 'CONFLICT', message: 'try again', cause, retryAfter: 2 });
    expect(refusal.kind.status).toBe(409);
  });
});
