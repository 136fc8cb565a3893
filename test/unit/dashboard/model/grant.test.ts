import { describe, expect, it } from 'vitest';
import { type Grant, renewIn } from '../../../../src/dashboard/model/grant.ts';

const MINUTE = 60_000;
const grant = (given: Partial<Grant>): Grant => ({
  client: { issuer: 'https://issuer.example', clientId: 'page', scopes: 'openid', bearer: 'access_token' },
  ...{ token: 'token', refreshToken: 'refresh', renewedAt: 0, expiresAt: null },
  ...given,
});

describe('renewIn', () => {
  it.each([
    ['a minute before the end', { expiresAt: 10 * MINUTE }, 2 * MINUTE, 7 * MINUTE],
    ['sooner for a token that lives shortly', { expiresAt: MINUTE }, 0, 45_000],
    ['at once when that has passed', { expiresAt: MINUTE }, 2 * MINUTE, 0],
    ['never when the end is not known', {}, 0, null],
    ['never without a refresh token', { expiresAt: MINUTE, refreshToken: null }, 0, null],
  ])('is %s', (_, given, now, expected) => {
    expect(renewIn(grant(given), now)).toBe(expected);
  });

  it('is never for somebody who entered a token', () => {
    expect(renewIn(null, 0)).toBeNull();
  });
});
