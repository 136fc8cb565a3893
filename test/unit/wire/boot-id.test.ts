import { validate, version } from 'uuid';
import { describe, expect, it } from 'vitest';
import { newBootId } from '../../../src/wire/boot-id.ts';

describe('boot ids', () => {
  it('are UUIDs of version 7 with the time in front', () => {
    const id = newBootId();
    expect(validate(id) && version(id)).toBe(7);
    const milliseconds = Number.parseInt(id.replace('-', '').slice(0, 12), 16);
    expect(Math.abs(milliseconds - Date.now())).toBeLessThan(60_000);
  });

  it('come in the order in which they are made, whatever the clock does', () => {
    const now = Date.now();
    const ids = [now, now, now - 3_600_000, now + 5, now].flatMap((at) => [newBootId(at), newBootId(at)]);
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => validate(id))).toBe(true);
  });
});
