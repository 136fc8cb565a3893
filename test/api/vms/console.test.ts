import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RawData, WebSocket } from 'ws';
import { startApi, type TestApi } from '../../support/api.ts';
import { makeImage, makeVm, ProtocolHost, type Run, startVm } from '../../support/protocol-host.ts';

describe('a console', () => {
  let api: TestApi;
  let host: ProtocolHost;
  let imageId: string;
  beforeAll(async () => {
    api = await startApi();
    host = await ProtocolHost.enrol(api);
    imageId = await makeImage(api);
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const running = async (): Promise<Run> => startVm(api, host, (await makeVm(api, imageId)).id);
  const put = (run: Run, offset: number, text: string | Buffer, bootId = run.bootId) =>
    host.request('PUT', `/agent/v1/vms/${run.spec.vmId}/console/${bootId}?offset=${offset}`, {
      body: Buffer.from(text),
    });
  const read = (run: Run, query = '') => api.request('GET', `/v1/vms/${run.spec.vmId}/console${query}`);

  it('is plain text, in the order it was printed', async () => {
    const run = await running();
    expect((await read(run)).body).toBe('');
    expect(await put(run, 0, 'hello ')).toMatchObject({ status: 200, body: { nextOffset: 6 } });
    expect(await put(run, 6, 'wörld\n')).toMatchObject({ status: 200, body: { nextOffset: 13 } });
    const answer = await read(run);
    expect(answer).toMatchObject({ status: 200, body: 'hello wörld\n' });
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(answer.headers.get('x-boot-id')).toBe(run.bootId);
  });

  it('takes a piece only where the last one ended, and says where that is', async () => {
    const run = await running();
    await put(run, 0, '0123456789');
    for (const offset of [0, 5, 11]) {
      const answer = await put(run, offset, 'x');
      expect(answer).toMatchObject({ status: 409, body: { code: 'CONSOLE_OFFSET', expectedOffset: 10 } });
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
    }
    expect(await put(run, 10, '')).toMatchObject({ status: 200, body: { nextOffset: 10 } });
    const twice = await Promise.all(Array.from({ length: 5 }, () => put(run, 10, 'once')));
    expect(twice.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
    expect((await read(run)).body).toBe('0123456789once');
  });

  it('keeps each boot apart', async () => {
    const run = await running();
    const first = run.bootId;
    await put(run, 0, 'first');
    const second = uuidv7();
    await put(run, 0, 'second', second);
    const reset = run.record('reset');
    run.bootId = second;
    await host.deliver(reset, run.record('started'));
    expect((await read(run)).body).toBe('second');
    expect((await read(run, `?bootId=${first}`)).body).toBe('first');
    const unknown = await read(run, `?bootId=${uuidv7()}`);
    expect(unknown).toMatchObject({ status: 404, body: { code: 'BOOT_NOT_FOUND' } });
  });

  it('keeps the newest 4 MiB of a boot, and offsets stay right', async () => {
    const run = await running();
    const size = 1_000_000;
    for (let n = 0; n < 6; n += 1) {
      const piece = Buffer.alloc(size, String(n));
      expect((await put(run, n * size, piece)).body).toEqual({ nextOffset: (n + 1) * size });
    }
    const { body, headers } = await read(run);
    expect(Number(headers.get('x-console-offset'))).toBe(6 * size - body.length);
    expect(body.length).toBeGreaterThanOrEqual(4 * 1024 * 1024);
    expect(body.length).toBeLessThanOrEqual(5 * size);
    expect(body.endsWith('5'.repeat(size))).toBe(true);
    expect(body.startsWith('1')).toBe(true);
  });

  it('keeps the newest 16 boots of a VM, and says so of others', async () => {
    const run = await running();
    const boots = [run.bootId, ...Array.from({ length: 16 }, () => uuidv7())];
    for (const boot of boots) {
      expect((await read(run)).headers.get('x-console-offset')).toBe('0');
      await put(run, 0, `boot ${boot}`, boot);
    }
    const oldest = await read(run, `?bootId=${boots[0]}`);
    expect(oldest).toMatchObject({ status: 410, body: { code: 'CONSOLE_NOT_KEPT' } });
    expect((await read(run, `?bootId=${boots[1]}`)).body).toBe(`boot ${boots[1]}`);
  });

  it('makes no row of every letter', async () => {
    const run = await running();
    const text = 'abcdefghij'.repeat(5);
    for (let n = 0; n < text.length; n += 1) await put(run, n, text[n] ?? '');
    expect((await read(run)).body).toBe(text);
    const rows = await api.control.db.consoleChunk.count({ where: { bootId: run.bootId } });
    expect(rows).toBe(1);
  });

  it('is followed over resets until the VM is off', async () => {
    const run = await running();
    await put(run, 0, 'one ');
    const response = await fetch(new URL(`/v1/vms/${run.spec.vmId}/console?follow=true`, api.url), {
      headers: { authorization: `Bearer ${api.adminToken}` },
    });
    let text = '';
    const reading = (async () => {
      for await (const piece of response.body ?? []) text += Buffer.from(piece).toString();
    })();
    await put(run, 4, 'two ');
    const reset = run.record('reset');
    run.bootId = uuidv7();
    await host.deliver(reset, run.record('started'));
    await put(run, 0, 'three ');
    await run.tell(run.poweroff());
    await put(run, 6, 'late');
    await reading;
    expect(text).toBe('one two three late');
  });

  describe('over a WebSocket', () => {
    const open = (vmId: string, protocols: string[], headers: Record<string, string> = {}) =>
      new WebSocket(`${api.url.replace('http', 'ws')}/v1/vms/${vmId}/console`, protocols, { headers });
    const bearer = (token: string) => `holdfast.bearer.${token}`;

    it('prints and types', async () => {
      const run = await running();
      await put(run, 0, 'login: ');
      const from = await host.request('GET', '/agent/v1/console-input');
      const socket = open(run.spec.vmId, ['holdfast.console.v1', bearer(api.adminToken)]);
      let output = '';
      socket.on('message', (data: RawData) => {
        output += String(data);
      });
      await once(socket, 'open');
      expect(socket.protocol).toBe('holdfast.console.v1');
      const waiting = host.request('GET', `/agent/v1/console-input?after=${from.body.position}&wait=30`);
      socket.send('ro');
      socket.send(Buffer.from('ot\n'));
      let typed = '';
      let position = '';
      for (let answer = await waiting; ; ) {
        for (const input of answer.body.inputs) {
          expect(input).toMatchObject({ vmId: run.spec.vmId, runId: run.spec.runId });
          typed += Buffer.from(input.data, 'base64').toString();
        }
        position = answer.body.position;
        if (typed === 'root\n') break;
        answer = await host.request('GET', `/agent/v1/console-input?after=${position}&wait=30`);
      }
      await put(run, 7, 'root\n# ');
      while (output !== 'login: root\n# ') await once(socket, 'message');

      // What was taken is gone, and a new reader gets what comes from now on.
      const empty = await host.request('GET', `/agent/v1/console-input?after=${position}&wait=0`);
      expect(empty.body).toEqual({ position, inputs: [] });
      expect(await api.control.db.consoleInput.count()).toBe(0);
      // Typing is audited, once however much is typed.
      const { items } = (await api.request('GET', `/v1/audit?resourceId=${run.spec.vmId}`)).body;
      const sockets = items.filter(({ status }: { status: number }) => status === 101);
      expect(sockets).toMatchObject([{ method: 'GET', path: `/v1/vms/${run.spec.vmId}/console` }]);
      socket.close();
      await once(socket, 'close');
    });

    it('ends when the VM is off', async () => {
      const run = await running();
      const socket = open(run.spec.vmId, ['holdfast.console.v1'], {
        authorization: `Bearer ${api.adminToken}`,
      });
      await once(socket, 'open');
      await run.tell(run.poweroff());
      const [code] = await once(socket, 'close');
      expect(code).toBe(1000);
    });

    it('lets a viewer watch and not type', async () => {
      const run = await running();
      await put(run, 0, 'secret');
      const socket = open(run.spec.vmId, ['holdfast.console.v1', bearer(await api.newToken('viewer'))]);
      const [data] = await once(socket, 'message');
      expect(String(data)).toBe('secret');
      socket.send('x');
      const [code, reason] = await once(socket, 'close');
      expect([code, String(reason)]).toEqual([1008, 'Typing needs the role operator.']);
      expect(await api.control.db.consoleInput.count({ where: { vmId: run.spec.vmId } })).toBe(0);
    });

    it('takes nobody without a token, and no VM that is not there', async () => {
      const run = await running();
      for (const protocols of [['holdfast.console.v1'], ['holdfast.console.v1', bearer('x'.repeat(40))]]) {
        const [error] = await once(open(run.spec.vmId, protocols), 'error').catch((cause) => [cause]);
        expect(String(error)).toContain('401');
      }
      const socket = open(uuidv7(), ['holdfast.console.v1', bearer(api.adminToken)]);
      const [code, reason] = await once(socket, 'close');
      expect([code, String(reason)]).toEqual([1008, 'VM_NOT_FOUND']);
    });

    it('an offer of HTTP/2 is answered in HTTP/1.1', async () => {
      const request = get(`${api.url}/healthz`, {
        agent: false,
        headers: {
          connection: 'Upgrade, HTTP2-Settings',
          upgrade: 'h2c',
          'http2-settings': 'AAMAAABkAAQAAP__',
        },
      });
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      expect(response.statusCode).toBe(200);
      response.resume();
      await once(response, 'end');
    });

    it('refuses what nobody takes, and what nobody reads', async () => {
      const run = await running();
      const socket = open(run.spec.vmId, ['holdfast.console.v1', bearer(api.adminToken)]);
      await once(socket, 'open');
      for (let n = 0; n < 5; n += 1) socket.send('x'.repeat(16 * 1024));
      const [code, reason] = await once(socket, 'close');
      expect([code, String(reason)]).toEqual([1013, 'CONSOLE_INPUT_FULL']);

      await run.tell(run.poweroff());
      expect(await api.control.db.consoleInput.count({ where: { vmId: run.spec.vmId } })).toBe(0);
    });
  });
});
