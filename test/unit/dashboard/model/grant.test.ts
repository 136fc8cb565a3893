import { describe, expect, it } from 'vitest';
import { endingAddress, type Grant, renewIn } from '../../../../src/dashboard/model/grant.ts';

const MINUTE = 60_000;
const grant = (given: Partial<Grant>): Grant => ({
  client: { issuer: 'https://issuer.example', clientId: 'page', scopes: 'openid', bearer: 'access_token' },
  ...{ token: 'token', refreshToken: 'refresh', ending: null, renewedAt: 0, expiresAt: null },
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

describe('endingAddress', () => {
  const ending = (endpoint: string, idToken: string | null = 'id') =>
    endingAddress(grant({ ending: { endpoint, idToken } }), 'https://fleet.example/sign-in')?.href ?? null;

  it('tells the issuer whose session it is, and where to lead back to', () => {
    const back = 'client_id=page&post_logout_redirect_uri=https%3A%2F%2Ffleet.example%2Fsign-in';
    expect(ending('https://other.example/out?a=b')).toBe(
      `https://other.example/out?a=b&${back}&id_token_hint=id`,
    );
    expect(ending('https://other.example/out', null)).toBe(`https://other.example/out?${back}`);
  });

  it.each(['javascript:alert(1)', 'http://issuer.example/out', 'nonsense'])('is none for %s', (endpoint) => {
    expect(ending(endpoint)).toBeNull();
  });

  it('is none where the issuer has none, and for what an earlier page has kept', () => {
    const { ending: _, ...earlier } = grant({});
    expect(endingAddress(grant({}), '/')).toBeNull();
    expect(endingAddress(earlier as Grant, '/')).toBeNull();
  });
});
