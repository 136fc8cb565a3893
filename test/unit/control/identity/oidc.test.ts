import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OidcIssuer, type OidcSettings } from '../../../../src/control/identity/oidc.ts';
import { TestIssuer } from '../../../support/issuer.ts';

describe('tokens of an issuer', () => {
  let issuer: TestIssuer;
  beforeAll(async () => {
    issuer = await TestIssuer.start();
  });
  afterAll(async () => {
    await issuer[Symbol.asyncDispose]();
  });

  const verifier = (settings: Partial<OidcSettings> = {}): OidcIssuer =>
    new OidcIssuer({
      ...{ issuer: issuer.url, audience: issuer.audience, jwksUrl: null },
      ...{ roleClaim: 'holdfast_role', rolePrefix: '', scopeClaim: null, cooldownMs: 0 },
      ...settings,
    });
  const operator = { holdfast_role: 'operator' };

  it('say who somebody is, the same with every token', async () => {
    const first = await verifier().authenticate(await issuer.token(operator, { lifetime: 60 }));
    const later = await verifier().authenticate(await issuer.token(operator, { lifetime: 600 }));
    const other = await verifier().authenticate(await issuer.token(operator, { subject: 'bob' }));
    expect(first).toMatchObject({ kind: 'oidc', name: `ada of ${issuer.url}`, role: 'operator', scope: {} });
    expect(first.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(later.id).toBe(first.id);
    expect(other.id).not.toBe(first.id);
    expect((later.expiresAt?.getTime() ?? 0) - (first.expiresAt?.getTime() ?? 0)).toBeGreaterThan(500_000);
  });

  it.each<[string, Partial<OidcSettings>, Record<string, unknown>, string]>([
    ['in a list, the highest', {}, { holdfast_role: ['viewer', 'admin', 'other'] }, 'admin'],
    ['behind dots', { roleClaim: 'realm_access.roles' }, { realm_access: { roles: ['viewer'] } }, 'viewer'],
    [
      'in a claim with dots in its name',
      { roleClaim: 'https://x.y/role' },
      { 'https://x.y/role': 'viewer' },
      'viewer',
    ],
    [
      'behind a prefix',
      { roleClaim: 'groups', rolePrefix: 'hf-' },
      { groups: ['admin', 'hf-viewer'] },
      'viewer',
    ],
  ])('have a role %s', async (_, settings, claims, role) => {
    expect(await verifier(settings).authenticate(await issuer.token(claims))).toMatchObject({ role });
  });

  it('have a scope where a claim is named for it, and are refused without one', async () => {
    const scoped = verifier({ scopeClaim: 'labels' });
    const authenticate = async (labels?: unknown) =>
      scoped.authenticate(await issuer.token({ ...operator, ...(labels === undefined ? {} : { labels }) }));
    expect(await authenticate({ team: 'a' })).toMatchObject({ scope: { team: 'a' } });
    expect(await authenticate({})).toMatchObject({ scope: {} });
    for (const labels of [undefined, null, 'team', ['a'], { team: 1 }, { '': 'a' }]) {
      await expect(authenticate(labels)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
  });

  it.each<[string, () => Promise<string>, string]>([
    ['for somebody else', () => issuer.token(operator, { audience: 'other' }), 'UNAUTHENTICATED'],
    [
      'of another issuer',
      () => issuer.token(operator, { issuer: 'https://evil.example' }),
      'UNAUTHENTICATED',
    ],
    ['that has expired', () => issuer.token(operator, { lifetime: -60 }), 'UNAUTHENTICATED'],
    ['of nobody', () => issuer.token(operator, { subject: null }), 'UNAUTHENTICATED'],
    [
      'that begins later',
      () => issuer.token({ ...operator, nbf: Date.now() / 1_000 + 600 }),
      'UNAUTHENTICATED',
    ],
    ['without a role', () => issuer.token({}), 'FORBIDDEN'],
    ['with a role that is none', () => issuer.token({ holdfast_role: 'root' }), 'FORBIDDEN'],
  ])('are refused %s', async (_, token, code) => {
    await expect(verifier().authenticate(await token())).rejects.toMatchObject({ code });
  });

  it('are refused when no private key of the issuer has signed them', async () => {
    const genuine = await issuer.token({ holdfast_role: 'viewer' });
    const [head = '', body = '', signature = ''] = genuine.split('.');
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
    const risen = encode({ ...claims, holdfast_role: 'admin' });
    // The public key, which everybody knows, taken for a shared secret.
    const shared = await new SignJWT({ ...claims, holdfast_role: 'admin' })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(Buffer.from(JSON.stringify(await issuer.publicJwk())));
    const forged = [
      `${head}.${risen}.${signature}`,
      `${encode({ alg: 'none' })}.${risen}.`,
      `${encode({ alg: 'none' })}.${risen}.${signature}`,
      shared,
      `${head}.${body}.${signature.slice(0, -4)}AAAA`,
      `${head}.${body}`,
    ];
    for (const token of forged) {
      await expect(verifier().authenticate(token), token).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    }
    expect(verifier().issues(genuine)).toBe(true);
    expect(verifier().issues(`hft_${'a'.repeat(43)}`)).toBe(false);
  });

  it('are taken with the keys that the issuer has now, which are asked for seldom', async () => {
    const own = verifier();
    const asked = issuer.heard.length;
    for (let index = 0; index < 10; index++) await own.authenticate(await issuer.token(operator));
    expect(issuer.heard.slice(asked)).toEqual(['/.well-known/openid-configuration', '/keys']);
    const former = await issuer.token(operator);
    await issuer.changeKey();
    await own.authenticate(await issuer.token(operator));
    await expect(own.authenticate(former)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('wait for an issuer that is away, unless its key is known', async () => {
    const [known, fresh] = [verifier(), verifier({ jwksUrl: `${issuer.url}/keys` })];
    const token = await issuer.token(operator);
    await known.authenticate(token);
    issuer.setAway(true);
    await expect(fresh.authenticate(token)).rejects.toMatchObject({ code: 'ISSUER_UNAVAILABLE' });
    await expect(verifier().authenticate(token)).rejects.toMatchObject({ code: 'ISSUER_UNAVAILABLE' });
    expect(await known.authenticate(token)).toMatchObject({ role: 'operator' });
    issuer.setAway(false);
    expect(await fresh.authenticate(token)).toMatchObject({ role: 'operator' });
  });
});
