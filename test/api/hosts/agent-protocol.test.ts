import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../support/api.ts';
import { makeImage, makeVm, ProtocolHost, startVm } from '../../support/protocol-host.ts';
import { countRows } from '../../support/rows.ts';

describe('the hosts’ protocol', () => {
  let api: TestApi;
  let host: ProtocolHost;
  let other: ProtocolHost;
  let imageId: string;
  beforeAll(async () => {
    api = await startApi();
    host = await ProtocolHost.enrol(api, { labels: { side: 'a' } });
    other = await ProtocolHost.enrol(api, { labels: { side: 'b' } });
    imageId = await makeImage(api);
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const running = async (on = host) => {
    const side = on === host ? 'a' : 'b';
    const vm = await makeVm(api, imageId, { hostSelector: { side } });
    return startVm(api, on, vm.id);
  };
  const events = async (vmId: string) => (await api.request('GET', `/v1/vms/${vmId}/events`)).body.items;

  describe('enrolment', () => {
    const hash = () => randomBytes(32).toString('hex');
    const newToken = async (body: object = {}) =>
      (await api.request('POST', '/v1/enrolment-tokens', { body })).body.token as string;
    const enrol = (enrolmentToken: string, fields: object = {}) =>
      api.request('POST', '/agent/v1/enrol', {
        token: null,
        body: {
          enrolmentToken,
          name: `host-${uuidv4()}`,
          labels: {},
          credentialHash: hash(),
          facts: host.facts,
          ...fields,
        },
      });

    it('shows the token once, and takes its labels over those of the agent', async () => {
      const made = await api.request('POST', '/v1/enrolment-tokens', { body: { labels: { zone: 'x' } } });
      expect(made).toMatchObject({
        status: 201,
        body: { labels: { zone: 'x' }, token: expect.stringMatching(/^hfe_/) },
      });
      const { body } = await enrol(made.body.token, { labels: { zone: 'mine', rack: '7' } });
      expect((await api.request('GET', `/v1/hosts/${body.hostId}`)).body).toMatchObject({
        labels: { zone: 'x', rack: '7' },
        kernel: host.facts.kernel,
        psci: host.facts.psci,
        capacity: host.facts.capacity,
        lease: { state: 'active' },
      });
    });

    it('answers the same agent the same, and another one never', async () => {
      const token = await newToken();
      const fields = { name: 'twice', credentialHash: hash() };
      const first = await enrol(token, fields);
      expect(first.status).toBe(200);
      expect((await enrol(token, fields)).body).toEqual(first.body);
      const before = await countRows(api.control);
      expect(await enrol(token)).toMatchObject({ status: 409, body: { code: 'ENROLMENT_TOKEN_USED' } });
      expect(await countRows(api.control)).toEqual(before);
    });

    it('makes one host of a token, however many ask at once', async () => {
      // The first round opens the connections, so that later ones really come at once.
      for (let round = 0; round < 4; round += 1) {
        const token = await newToken();
        const answers = await Promise.all(Array.from({ length: 6 }, () => enrol(token)));
        expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
      }
    });

    it('refuses tokens that are unknown or old, and names that are taken', async () => {
      expect(await enrol(`hfe_${'x'.repeat(43)}`)).toMatchObject({
        status: 401,
        body: { code: 'ENROLMENT_TOKEN_INVALID' },
      });
      const token = await newToken({ expiresInSeconds: 1 });
      await api.control.pool.query(
        "UPDATE enrolment_tokens SET expires_at = now() - interval '1 s' WHERE used_at IS NULL",
      );
      expect(await enrol(token)).toMatchObject({ status: 401, body: { code: 'ENROLMENT_TOKEN_EXPIRED' } });
      const taken = await enrol(await newToken(), { name: host.name });
      expect(taken).toMatchObject({ status: 409, body: { code: 'HOST_NAME_TAKEN' } });
    });
  });

  describe('two realms', () => {
    it('a host’s credential opens nothing of the clients’, a token nothing of the hosts’', async () => {
      expect((await host.request('GET', '/v1/vms')).status).toBe(401);
      for (const path of ['/agent/v1/assignments', '/agent/v1/console-input']) {
        expect(await api.request('GET', path)).toMatchObject({
          status: 401,
          body: { code: 'UNAUTHENTICATED' },
        });
      }
    });

    it('a host sees and touches only what is its own', async () => {
      const run = await running();
      const { vmId } = run.spec;
      expect((await other.assignments()).vms.map((assignment) => assignment.vmId)).not.toContain(vmId);
      const { body: stop } = await api.request('POST', `/v1/vms/${vmId}/stop`, { body: {} });
      const failed = await other.report(stop.id, 'failed', { code: 'MEAN', detail: 'no' });
      expect(failed.body).toEqual({ applied: 0, ignored: 1 });
      expect((await api.request('GET', `/v1/operations/${stop.id}`)).body.status).toBe('pending');
      const output = await other.request('PUT', `/agent/v1/vms/${vmId}/console/${run.bootId}?offset=0`, {
        body: Buffer.from('forged'),
      });
      expect(output).toMatchObject({ status: 404, body: { code: 'VM_NOT_FOUND' } });
      await other.heartbeat([{ vmId, runId: run.spec.runId, observedGeneration: 3 }]);
      expect((await api.request('GET', `/v1/vms/${vmId}`)).body.observedGeneration).toBe(0);
      const { kernel } = run.spec;
      expect((await host.request('GET', `/agent/v1/blobs/${kernel}`)).status).toBe(200);
      await running(other);
      const third = await ProtocolHost.enrol(api);
      expect(await third.request('GET', `/agent/v1/blobs/${kernel}`)).toMatchObject({
        status: 404,
        body: { code: 'BLOB_NOT_FOUND' },
      });
    });
  });

  describe('delivery', () => {
    it('settles every record: new, known, foreign and bad ones in one batch', async () => {
      const mine = await running();
      const theirs = await running(other);
      const known = mine.record('paused');
      await mine.tell(known);
      const fresh = mine.record('resumed');
      const foreign = theirs.poweroff();
      const answer = await host.deliver(
        known,
        foreign,
        { ...fresh, kind: 'exploded' },
        fresh,
        { ...fresh, colour: 'red' },
        17,
        { ...fresh, runId: uuidv7() },
        fresh,
      );
      expect(answer).toMatchObject({
        status: 200,
        body: {
          inserted: 1,
          duplicates: 2,
          refused: [
            { index: 1, code: 'RUN_NOT_ON_THIS_HOST' },
            { index: 2, code: 'EVENT_INVALID', detail: expect.stringContaining('/kind') },
            { index: 4, code: 'EVENT_INVALID' },
            { index: 5, code: 'EVENT_INVALID' },
            { index: 6, code: 'RUN_NOT_ON_THIS_HOST' },
          ],
        },
      });
      expect(await events(theirs.spec.vmId)).toHaveLength(1);
      expect((await events(mine.spec.vmId)).map(({ kind }: { kind: string }) => kind)).toEqual([
        'started',
        'paused',
        'resumed',
      ]);
    });

    it('refuses alone what Postgres could not store, and keeps what it can', async () => {
      const run = await running();
      const bad = [
        { ...run.record('paused'), sequence: 3_000_000_000 },
        { ...run.record('paused'), observedAt: '0000-01-01T00:00:00Z' },
      ];
      const odd = run.record('resumed', { reason: 'nul \u0000 and half \ud800' });
      const answer = await host.deliver(...bad, odd);
      expect(answer.body).toMatchObject({ inserted: 1, refused: [{ index: 0 }, { index: 1 }] });
      expect((await events(run.spec.vmId)).at(-1).reason).toBe('nul \ufffd and half \ufffd');
    });

    it('refuses what is no batch', async () => {
      for (const body of [{}, { events: [] }, { events: 'x' }, { events: Array(501).fill({}) }]) {
        expect((await host.request('POST', '/agent/v1/events', { body })).body.code).toBe(
          'VALIDATION_FAILED',
        );
      }
    });

    it('follows the newest record of a run, in whatever order they come', async () => {
      const run = await running();
      const paused = run.record('paused');
      const resumed = run.record('resumed');
      const reset = run.record('reset');
      const first = run.bootId;
      run.bootId = uuidv7();
      const started = run.record('started');
      const off = run.poweroff();
      const vm = async () => (await api.request('GET', `/v1/vms/${run.spec.vmId}`)).body;
      await run.tell(resumed);
      await run.tell(paused);
      expect(await vm()).toMatchObject({ phase: 'running', bootId: first });
      await run.tell(started);
      await run.tell(reset);
      expect(await vm()).toMatchObject({ phase: 'running', bootId: run.bootId });
      await run.tell(off);
      expect(await vm()).toMatchObject({ phase: 'stopped', bootId: run.bootId });
      expect(
        (await events(run.spec.vmId)).map(({ sequence }: { sequence: number }) => sequence).sort(),
      ).toEqual([1, 2, 3, 4, 5, 6]);
    });

    it('stores what an ended run tells late, and moves nothing by it', async () => {
      const run = await running();
      const late = run.record('paused');
      await run.tell(run.poweroff());
      const next = await startVm(api, host, run.spec.vmId);
      expect((await run.tell(late)).body.inserted).toBe(1);
      expect((await api.request('GET', `/v1/vms/${run.spec.vmId}`)).body).toMatchObject({
        phase: 'running',
        bootId: next.bootId,
      });
    });

    it('takes the end of a run for proof that it began', async () => {
      const vm = await makeVm(api, imageId, { hostSelector: { side: 'a' } });
      const { body: start } = await api.request('POST', `/v1/vms/${vm.id}/start`, { body: {} });
      const run = await host.run(vm.id);
      const started = run.started();
      await run.tell(run.poweroff());
      expect((await api.request('GET', `/v1/operations/${start.id}`)).body.status).toBe('succeeded');
      await run.tell(started);
      expect((await api.request('GET', `/v1/vms/${vm.id}`)).body.phase).toBe('stopped');
    });

    it('an intent is used up by one event only', async () => {
      const run = await running();
      await api.request('POST', `/v1/vms/${run.spec.vmId}/reset`, { body: {} });
      const { intentId } = await run.openRequest();
      const first = run.record('reset', { intentIds: [intentId] });
      const second = run.record('reset', { intentIds: [intentId] });
      await host.deliver(first, second);
      expect((await events(run.spec.vmId)).slice(-2)).toMatchObject([
        { kind: 'reset', initiator: 'operator', intentId },
        { kind: 'reset', initiator: 'guest', intentId: null },
      ]);
    });

    it('an intent of another run, or of another kind, explains nothing', async () => {
      const run = await running();
      const elsewhere = await running();
      await api.request('POST', `/v1/vms/${elsewhere.spec.vmId}/stop`, { body: {} });
      const { intentId } = await elsewhere.openRequest();
      await run.tell(run.poweroff([intentId, uuidv7()]));
      expect((await events(run.spec.vmId)).at(-1)).toMatchObject({ initiator: 'guest', intentId: null });
      await elsewhere.tell(elsewhere.record('reset', { intentIds: [intentId] }));
      expect((await events(elsewhere.spec.vmId)).at(-1)).toMatchObject({
        initiator: 'guest',
        intentId: null,
      });
      await elsewhere.tell(elsewhere.poweroff([intentId]));
      expect((await events(elsewhere.spec.vmId)).at(-1)).toMatchObject({ initiator: 'operator', intentId });
    });

    it('keeps the events of a VM that is deleted meanwhile', async () => {
      const run = await running();
      const { vmId } = run.spec;
      const late = run.record('paused');
      await run.tell(run.poweroff());
      const { body: deletion } = await api.request('DELETE', `/v1/vms/${vmId}`);
      await host.report(deletion.id, 'succeeded');
      const answers = await Promise.all([host.deliver(late), host.deliver(late), host.deliver(late)]);
      expect(answers.map(({ body }) => body.inserted).sort()).toEqual([0, 0, 1]);
      expect(await events(vmId)).toHaveLength(3);
    });

    it('takes many batches about the same VMs at once', async () => {
      const runs = await Promise.all(Array.from({ length: 6 }, () => running()));
      const records = runs.flatMap((run) =>
        Array.from({ length: 30 }, (_, n) => run.record(n % 2 === 0 ? 'paused' : 'resumed')),
      );
      const batches = Array.from({ length: 20 }, (_, n) =>
        [...records.slice(n * 5), ...records.slice(0, n * 5)].slice(0, 120),
      );
      const answers = await Promise.all(batches.map((batch) => host.deliver(...batch)));
      expect(answers.map(({ status }) => status)).toEqual(batches.map(() => 200));
      expect(answers.reduce((sum, { body }) => sum + body.inserted, 0)).toBe(records.length);
      for (const run of runs) expect(await events(run.spec.vmId)).toHaveLength(31);
    });
  });

  describe('assignments', () => {
    it('have a revision that says whether anything changed, and wait for that', async () => {
      const lonely = await ProtocolHost.enrol(api, { labels: { side: 'lonely' } });
      const empty = await lonely.assignments();
      expect(empty.vms).toEqual([]);
      const vm = await makeVm(api, imageId, { hostSelector: { side: 'lonely' } });
      const waiting = lonely.assignments(`?known=${empty.revision}&wait=30`);
      await api.request('POST', `/v1/vms/${vm.id}/start`, { body: {} });
      const told = await waiting;
      expect(told.vms).toMatchObject([{ vmId: vm.id, run: { vmId: vm.id } }]);
      expect((await lonely.assignments()).revision).toBe(told.revision);
      expect((await lonely.assignments(`?known=${told.revision}&wait=0`)).revision).toBe(told.revision);

      const run = await lonely.run(vm.id);
      await run.tell(run.started());
      const stopping = lonely.assignments(`?known=${told.revision}&wait=30`);
      await api.request('POST', `/v1/vms/${vm.id}/stop`, { body: {} });
      expect((await stopping).vms[0]?.requests).toMatchObject([{ kind: 'stop' }]);
    });

    it('tell of a request or let it be taken back, never both', async () => {
      const busy = await ProtocolHost.enrol(api, { labels: { side: 'busy' } });
      const told = new Set<string>();
      const poll = async () => {
        for (const { requests } of (await busy.assignments()).vms) {
          for (const { operationId } of requests) told.add(operationId);
        }
      };
      const vms = await Promise.all(
        Array.from({ length: 20 }, () => makeVm(api, imageId, { hostSelector: { side: 'busy' } })),
      );
      await Promise.all(vms.map(({ id }) => startVm(api, busy, id)));
      let [polling, quiet] = [true, false];
      const polls = (async () => {
        for (; polling; await sleep(Math.random() * 60)) if (!quiet) await poll();
      })();
      const outcomes: { operationId: string; cancelled: boolean }[] = [];
      const round = async ({ id }: { id: string }) => {
        const { body } = await api.request('POST', `/v1/vms/${id}/pause`, { body: {} });
        await sleep(Math.random() * 30);
        const { status } = await api.request('POST', `/v1/operations/${body.id}/cancel`, { body: {} });
        expect([200, 409]).toContain(status);
        outcomes.push({ operationId: body.id, cancelled: status === 200 });
        if (status === 200) return;
        // The answer that tells of it may still be under way, and no host reports what it has not heard of.
        await poll();
        await busy.report(body.id, 'failed', { code: 'NOT_NOW', detail: 'not now' });
      };
      for (let n = 0; n < 8; n += 1) {
        // On a busy machine the host would always be first.
        quiet = n % 4 === 0;
        await Promise.all(vms.map(round));
      }
      polling = false;
      await polls;
      await poll();
      expect(outcomes.some(({ cancelled }) => cancelled)).toBe(true);
      expect(outcomes.some(({ cancelled }) => !cancelled)).toBe(true);
      for (const { operationId, cancelled } of outcomes) expect(told.has(operationId)).toBe(!cancelled);
    });

    it('change no facts and spoil no ETag by a heartbeat that says nothing new', async () => {
      const before = await api.request('GET', `/v1/hosts/${host.id}`);
      expect((await host.heartbeat()).body).toEqual({ leaseSeconds: 3_600, heartbeatSeconds: 5 });
      const same = await api.request('GET', `/v1/hosts/${host.id}`);
      expect(same.headers.get('etag')).toBe(before.headers.get('etag'));
      const upgraded = {
        ...host.facts,
        kernel: '7.3.4',
        psci: { accepted: ['1.0', '1.1', '1.3'], default: '1.3' },
      };
      await host.request('POST', '/agent/v1/heartbeat', { body: { facts: upgraded, vms: [] } });
      const after = await api.request('GET', `/v1/hosts/${host.id}`);
      expect(after.headers.get('etag')).not.toBe(before.headers.get('etag'));
      expect(after.body).toMatchObject({ kernel: '7.3.4', psci: upgraded.psci });
      await host.heartbeat();
    });
  });

  it('serves blobs in ranges', async () => {
    const run = await running();
    const whole = await fetchBlob(run.spec.kernel);
    expect(whole).toMatchObject({ status: 200, contentRange: null });
    const size = whole.bytes.length;
    const cases: [string, number, number][] = [
      ['bytes=0-99', 0, 100],
      ['bytes=100-', 100, size],
      ['bytes=-10', size - 10, size],
      [`bytes=${size - 1}-${size + 50}`, size - 1, size],
    ];
    for (const [range, start, end] of cases) {
      const part = await fetchBlob(run.spec.kernel, range);
      expect(part).toMatchObject({ status: 206, contentRange: `bytes ${start}-${end - 1}/${size}` });
      expect(part.bytes.equals(whole.bytes.subarray(start, end))).toBe(true);
    }
    expect((await fetchBlob(run.spec.kernel, `bytes=${size}-`)).status).toBe(416);
    expect((await fetchBlob(run.spec.kernel, 'bytes=-0')).status).toBe(416);
    expect((await fetchBlob(run.spec.kernel, 'lines=1-2')).status).toBe(200);
  });

  async function fetchBlob(digest: string, range?: string) {
    const response = await fetch(new URL(`/agent/v1/blobs/${digest}`, api.url), {
      headers: { authorization: `Bearer ${host.credential}`, ...(range === undefined ? {} : { range }) },
    });
    return {
      status: response.status,
      contentRange: response.headers.get('content-range'),
      bytes: Buffer.from(await response.arrayBuffer()),
    };
  }
});
