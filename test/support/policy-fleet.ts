/**
 * A host of an old kernel and one of a recent one, and fleet policies: `const fleet = policyFleet()` in a describe.
 * Policies last until the end of their test, and each test has labels of its own.
 */
import { v7 as uuidv7 } from 'uuid';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { startApi, type TestApi } from './api.ts';
import { makeImage, ProtocolHost } from './protocol-host.ts';

type Facts = Exclude<NonNullable<Parameters<typeof ProtocolHost.enrol>[1]>['psci'], undefined>;
const OLD: Facts = { accepted: ['0.2', '1.0', '1.1'], default: '1.1' };
const NEW: Facts = { accepted: ['0.2', '1.0', '1.1', '1.2', '1.3'], default: '1.3' };

export function policyFleet() {
  let api: TestApi;
  let old: ProtocolHost;
  let recent: ProtocolHost;
  let imageId: string;
  beforeAll(async () => {
    api = await startApi();
    old = await ProtocolHost.enrol(api, { labels: { age: 'old' }, psci: OLD });
    recent = await ProtocolHost.enrol(api, { labels: { age: 'new' }, psci: NEW });
    imageId = await makeImage(api, '6.1.0');
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });
  afterEach(async () => {
    const { body } = await api.request('GET', '/v1/psci-policies?limit=200');
    for (const { id } of body.items) await api.request('DELETE', `/v1/psci-policies/${id}`);
  });

  let named = 0;
  const post = (fields: object, query = '') =>
    api.request('POST', `/v1/psci-policies${query}`, {
      body: { name: `policy-${++named}`, selector: {}, version: '1.0', priority: 10, ...fields },
    });
  return {
    get api() {
      return api;
    },
    get old() {
      return old;
    },
    get recent() {
      return recent;
    },
    get imageId() {
      return imageId;
    },
    post,
    async made(fields: object) {
      const { status, body } = await post(fields);
      if (status !== 201) throw new Error(`the policy was refused: ${JSON.stringify(body)}`);
      return body;
    },
    patch: (id: string, body: object, revision: number | null, query = '') =>
      api.request('PATCH', `/v1/psci-policies/${id}${query}`, {
        body,
        headers: revision === null ? {} : { 'if-match': `"${revision}"` },
      }),
    get: async (vmId: string) => (await api.request('GET', `/v1/vms/${vmId}`)).body,
    explain: async (vmId: string) => (await api.request('GET', `/v1/vms/${vmId}/psci`)).body,
    async started(vmId: string) {
      const { body } = await api.request('GET', `/v1/vms/${vmId}/events`);
      return body.items.filter(({ kind }: { kind: string }) => kind === 'started');
    },
    /** Labels that no other test has. */
    label: () => ({ team: uuidv7().slice(-12) }),
    on: (host: ProtocolHost) => ({ hostSelector: { age: host === old ? 'old' : 'new' } }),
  };
}
