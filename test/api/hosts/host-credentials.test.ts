import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../../../src/agent/client.ts';
import { rotateOnce } from '../../../src/agent/credential.ts';
import { enrol } from '../../../src/agent/enrol.ts';
import { Store } from '../../../src/agent/store.ts';
import { FACTS } from '../../peer/facts.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { ProtocolHost } from '../../support/protocol-host.ts';
import { temporaryDirectory } from '../../temporary.ts';

const log = pino({ level: 'silent' });
const { signal } = new AbortController();
const LONG_AGO = new Date('2020-01-01');

describe("a host's credential", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const works = async (credential: string): Promise<boolean> => {
    const answer = await api.request('GET', '/agent/v1/assignments', { token: credential });
    expect([200, 401]).toContain(answer.status);
    return answer.status === 200;
  };
  const hashOf = (credential: string): string => createHash('sha256').update(credential).digest('hex');

  /** An agent's state directory, enrolled. */
  async function agent(name: string) {
    const state = temporaryDirectory();
    const store = new Store(state.path);
    store.open();
    const enrolmentTokenFile = join(state.path, 'token');
    const newToken = async (body: object): Promise<void> => {
      writeFileSync(
        enrolmentTokenFile,
        (await api.request('POST', '/v1/enrolment-tokens', { body })).body.token,
      );
    };
    const options = { api: api.url, name, labels: {}, enrolmentTokenFile, facts: FACTS };
    const join_ = async () => {
      const membership = await enrol(store, options, log, signal);
      if (membership === null) throw new Error('not enrolled');
      return membership;
    };
    await newToken({});
    const membership = await join_();
    const stored = () => JSON.parse(readFileSync(store.agentFile, 'utf8'));
    return {
      store,
      newToken,
      join: join_,
      membership,
      stored,
      [Symbol.dispose]: () => state[Symbol.dispose](),
    };
  }

  it('is changed by its agent, and the old one is good until the new one is shown', async () => {
    const host = await ProtocolHost.enrol(api);
    const next = randomBytes(32).toString('base64url');
    const announce = () =>
      host.request('POST', '/agent/v1/credential', { body: { credentialHash: hashOf(next) } });
    expect(await announce()).toMatchObject({ status: 200, body: { hostId: host.id } });
    expect(await works(host.credential)).toBe(true);
    // An agent that died before it stored the change announces again.
    expect((await announce()).status).toBe(200);
    expect(await works(next)).toBe(true);
    expect(await works(host.credential)).toBe(false);
    expect(await works(next)).toBe(true);
    const { items } = (await api.request('GET', '/v1/audit?limit=200')).body;
    const ofHost = items.filter(({ actor }: { actor: string }) => actor === `host ${host.name} (${host.id})`);
    expect(ofHost).toMatchObject([
      { method: 'POST', path: '/agent/v1/credential', status: 200, address: '127.0.0.1' },
      { method: 'POST', path: '/agent/v1/enrol', status: 200 },
    ]);
    expect(JSON.stringify(ofHost)).not.toContain(hashOf(next));
  });

  it('cannot be that of another host, and that leaves no trace', async () => {
    const [one, other] = [await ProtocolHost.enrol(api), await ProtocolHost.enrol(api)];
    const body = { credentialHash: hashOf(one.credential) };
    const refused = await other.request('POST', '/agent/v1/credential', { body });
    expect(refused).toMatchObject({ status: 409, body: { code: 'CREDENTIAL_TAKEN' } });
    const { items } = (await api.request('GET', '/v1/audit?limit=1')).body;
    expect(items).toMatchObject([{ path: '/agent/v1/enrol', status: 200 }]);
  });

  it('is changed when it is old, whenever the agent dies meanwhile', async () => {
    using own = await agent('rotating');
    const { store, membership, stored } = own;
    const client = new ApiClient(api.url, membership.credential);
    utimesSync(store.agentFile, LONG_AGO, LONG_AGO);
    const cut = {
      announceCredential: async (...args: Parameters<ApiClient['announceCredential']>) => {
        await client.announceCredential(...args);
        throw new Error('the agent dies here');
      },
      use: () => undefined,
    };
    await expect(rotateOnce(cut, store, 30, log, signal)).rejects.toThrow('dies here');
    const half = stored();
    expect(half).toEqual({ ...membership, next: expect.any(String) });
    // The next process finds the old one good and finishes what was begun.
    expect(await works(half.credential)).toBe(true);
    await rotateOnce(client, store, 30, log, signal);
    expect(stored()).toEqual({ hostId: membership.hostId, credential: half.next });
    await client.assignments(null, 0, signal);
    expect(await works(membership.credential)).toBe(false);
  });

  it('is revoked at once, also for a poll that is under way, and given anew by a token for the host', async () => {
    using own = await agent('revoked');
    const { membership, newToken, join: rejoin, stored } = own;
    const { hostId, credential } = membership;
    const { revision } = (await api.request('GET', '/agent/v1/assignments', { token: credential })).body;
    const arrived = once(api.app.server, 'request');
    const poll = api.request('GET', `/agent/v1/assignments?known=${revision}&wait=3`, { token: credential });
    await arrived;
    const path = `/v1/hosts/${hostId}`;
    const revoked = await api.request('POST', `${path}/revoke-credential`, { body: {} });
    expect(revoked).toMatchObject({ status: 200, body: { credentialRevokedAt: expect.any(String) } });
    expect(await works(credential)).toBe(false);
    expect((await poll).status).toBe(401);

    // A token that made another host, or none at all: the agent goes on with what it has.
    expect(await rejoin()).toEqual(membership);
    await newToken({});
    expect(await rejoin()).toEqual(membership);

    await newToken({ hostId });
    const again = await rejoin();
    expect(again.hostId).toBe(hostId);
    expect(again.credential).not.toBe(credential);
    expect(stored()).toEqual(again);
    expect(await works(again.credential)).toBe(true);
    expect(await works(credential)).toBe(false);
    const host = (await api.request('GET', path)).body;
    expect(host).toMatchObject({ name: 'revoked', credentialRevokedAt: null });
    // Nothing is changed while the credential is good.
    expect(await rejoin()).toEqual(again);
  });

  it('is replaced only for a host that there is', async () => {
    const body = { hostId: '01890000-0000-7000-8000-000000000001' };
    expect(await api.request('POST', '/v1/enrolment-tokens', { body })).toMatchObject({
      status: 422,
      body: { code: 'HOST_UNKNOWN' },
    });
    const none = await api.request('POST', `/v1/hosts/${body.hostId}/revoke-credential`, { body: {} });
    expect(none).toMatchObject({ status: 404, body: { code: 'HOST_NOT_FOUND' } });
  });
});
