import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/api/config.ts';
import { isSealedNow, keyName, seal, unseal } from '../../../../src/control/webhooks/sealed-secret.ts';

const newKey = () => randomBytes(32).toString('base64');
const ID = '01890000-0000-7000-8000-000000000001';
const OTHER = '01890000-0000-7000-8000-000000000002';
const SECRET = 'whsec_c2VjcmV0';

describe('a secret', () => {
  it('is stored as it is without a key, and is read so with one', () => {
    expect(seal(SECRET, ID, [])).toBe(SECRET);
    expect(unseal(SECRET, ID, [newKey()])).toBe(SECRET);
    expect(isSealedNow(SECRET, [])).toBe(true);
  });

  it('is sealed with the first key and opened with any', () => {
    const [old, fresh] = [newKey(), newKey()];
    const sealed = seal(SECRET, ID, [old]);
    expect(sealed).toMatch(new RegExp(`^sealed:${keyName(old)}:`));
    expect(sealed).not.toContain('c2VjcmV0');
    expect(unseal(sealed, ID, [fresh, old])).toBe(SECRET);
    expect(isSealedNow(sealed, [old, fresh])).toBe(true);
    expect(isSealedNow(sealed, [fresh, old])).toBe(false);
    // Never twice the same, so that equal secrets do not show.
    expect(seal(SECRET, ID, [old])).not.toBe(sealed);
  });

  it('does not open without its key, in another row, or changed, and says what to do', () => {
    const key = newKey();
    const sealed = seal(SECRET, ID, [key]);
    expect(() => unseal(sealed, ID, [newKey()])).toThrow(
      `the key ${keyName(key)}, which is not in HOLDFAST_SECRET_KEYS`,
    );
    expect(() => unseal(sealed, OTHER, [key])).toThrow('rotate it');
    const bytes = Buffer.from(sealed.split(':')[2] ?? '', 'base64');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const stored = `sealed:${keyName(key)}:${changed.toString('base64')}`;
      expect(() => unseal(stored, ID, [key])).toThrow('rotate it');
    }
    for (const cut of [0, 11, 27]) {
      const stored = `sealed:${keyName(key)}:${bytes.subarray(0, cut).toString('base64')}`;
      expect(() => unseal(stored, ID, [key])).toThrow('rotate it');
    }
  });
});

describe('the keys of the configuration', () => {
  it('are of 32 bytes in base64', () => {
    const keys = [newKey(), newKey()];
    expect(readConfig({ HOLDFAST_SECRET_KEYS: keys.join(', ') }).secretKeys).toEqual(keys);
    for (const wrong of ['secret', randomBytes(31).toString('base64'), randomBytes(33).toString('base64')]) {
      const read = () => readConfig({ HOLDFAST_SECRET_KEYS: wrong });
      expect(read).toThrow('must be keys of 32 bytes in base64');
      // What may be a secret, if a wrong one, is not shown.
      expect(read).not.toThrow(wrong);
    }
  });
});
