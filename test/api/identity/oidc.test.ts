import { describe, expect, it } from 'vitest';
import { startApi } from '../../support/api.ts';
import { TestIssuer } from '../../support/issuer.ts';
import { makeImage, makeVm } from '../../support/protocol-host.ts';

describe('an API that trusts an issuer', () => {
  it('takes its tokens beside its own, with their role and scope, and audits who they are', async () => {
    await using issuer = await TestIssuer.start();
    await using api = await startApi({
      ...{ oidcIssuer: issuer.url, oidcAudience: issuer.audience, oidcScopeClaim: 'labels' },
      ...{ oidcClientId: 'page', oidcScopes: 'openid offline_access' },
    });
    expect((await api.request('GET', '/v1/sign-in', { token: null })).body).toEqual({
      oidc: {
        ...{ issuer: issuer.url, clientId: 'page', scopes: 'openid offline_access' },
        bearer: 'access_token',
      },
    });
    const imageId = await makeImage(api);
    const mine = await makeVm(api, imageId, { labels: { team: 'a' } });
    await makeVm(api, imageId, { labels: { team: 'b' } });
    const labels = { team: 'a' };
    const operator = await issuer.token({ holdfast_role: 'operator', labels });
    const viewer = await issuer.token({ holdfast_role: 'viewer', labels });

    const me = await api.request('GET', '/v1/whoami', { token: operator });
    expect(me).toMatchObject({
      status: 200,
      body: { kind: 'oidc', name: `ada of ${issuer.url}`, role: 'operator', scope: labels },
    });
    const { items } = (await api.request('GET', '/v1/vms', { token: viewer })).body;
    expect(items.map(({ id }: { id: string }) => id)).toEqual([mine.id]);
    const patch = { body: { onDrain: 'restart' } };
    const path = `/v1/vms/${mine.id}`;
    expect((await api.request('PATCH', path, { ...patch, token: viewer })).status).toBe(403);
    expect((await api.request('PATCH', path, { ...patch, token: operator })).status).toBe(200);
    const [entry] = (await api.request('GET', '/v1/audit')).body.items;
    expect(entry).toMatchObject({ actor: `${me.body.name} (${me.body.id})`, status: 200 });

    // The answer to a POST is sealed with the token it came with; with the next one nothing happens twice.
    const create = { body: { name: 'once', imageId, vcpus: 1, memoryMiB: 128, labels } };
    const once = { ...create, headers: { 'idempotency-key': 'once' } };
    expect((await api.request('POST', '/v1/vms', { ...once, token: operator })).status).toBe(201);
    expect((await api.request('POST', '/v1/vms', { ...once, token: operator })).status).toBe(201);
    const renewed = await issuer.token({ holdfast_role: 'operator', labels }, { lifetime: 600 });
    expect(await api.request('POST', '/v1/vms', { ...once, token: renewed })).toMatchObject({
      status: 409,
      body: { code: 'IDEMPOTENCY_ANSWER_LOST' },
    });

    const refused = await api.request('GET', '/v1/hosts', { token: `${operator.slice(0, -4)}AAAA` });
    expect(refused).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    expect((await api.request('GET', '/v1/whoami')).body).toMatchObject({ kind: 'token', name: 'admin' });
  });
});
