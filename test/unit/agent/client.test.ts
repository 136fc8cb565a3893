import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { Backoff, longestWait } from '../../../src/agent/backoff.ts';
import { ApiClient, ApiError } from '../../../src/agent/client.ts';
import { leastWait } from '../../../src/agent/loop.ts';
import { runSpec } from '../../peer/runs.ts';

const signal = new AbortController().signal;

interface Heard {
  readonly headers: NodeJS.Dict<string | string[]>;
}

/** What the client makes of one answer to a request for assignments. */
async function asking(status: number, headers: Record<string, string>, body: string) {
  const heard: Heard[] = [];
  const server: Server = createServer((request, response) => {
    heard.push({ headers: request.headers });
    response.writeHead(status, headers);
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = new ApiClient(`http://127.0.0.1:${port}`, 'secret');
  const answer = await client.assignments(null, 0, signal).catch((thrown: unknown) => thrown);
  server.closeAllConnections();
  server.close();
  return { answer, heard };
}

async function answering(status: number, headers: Record<string, string>, body: string) {
  const { answer, heard } = await asking(status, headers, body);
  if (!(answer instanceof ApiError)) throw new Error('it was taken for an answer');
  return { error: answer, heard };
}

describe('what the API says', () => {
  it('is a problem with its code and sentence', async () => {
    const problem = {
      type: 'about:blank',
      title: 'Conflict',
      status: 409,
      code: 'HOST_GONE',
      detail: 'no such host',
    };
    const { error } = await answering(409, {}, JSON.stringify(problem));
    expect(error).toMatchObject({
      status: 409,
      code: 'HOST_GONE',
      message: 'no such host',
      problem,
      passing: false,
    });
  });

  it('may come from something before it', async () => {
    const { error } = await answering(502, {}, '<html>Bad gateway</html>');
    expect(error).toMatchObject({ status: 502, code: 'HTTP_502', message: 'HTTP status 502', passing: true });
  });

  it('says how long to wait', async () => {
    const { error } = await answering(503, { 'retry-after': '7' }, '{}');
    expect(leastWait(error)).toBe(7_000);
    const dated = await answering(503, { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, '{}');
    expect(leastWait(dated.error)).toBe(0);
  });

  it('about the credential is not asked about again at once', async () => {
    const { error } = await answering(401, {}, '{"code":"UNAUTHENTICATED"}');
    expect(error.passing).toBe(true);
    expect(leastWait(error)).toBeGreaterThanOrEqual(30_000);
  });

  it.each([
    ['no JSON', 'hello'],
    ['another thing', '{"revision":7,"vms":[]}'],
    ['nothing', ''],
  ])('is not taken for an answer when it is %s', async (_, body) => {
    const { error } = await answering(200, {}, body);
    expect(['BAD_ANSWER', 'UNREACHABLE']).toContain(error.code);
  });

  it('is heard when it says more than this version knows', async () => {
    const assignment = { vmId: uuidv7(), generation: 3, run: { ...runSpec(), colour: 'red' }, requests: [] };
    const vms = [{ ...assignment, deleteOperationId: null, shape: 'round' }];
    const { answer } = await asking(200, {}, JSON.stringify({ revision: 'r', vms, next: 1 }));
    const { colour: _, ...run } = assignment.run;
    expect(answer).toEqual({ revision: 'r', vms: [{ ...assignment, run, deleteOperationId: null }] });
  });

  it('never sends the credential elsewhere', async () => {
    const { error } = await answering(307, { location: 'http://127.0.0.1:1/' }, '');
    expect(error).toMatchObject({ status: null, code: 'UNREACHABLE' });
  });

  it('is nothing when it is away', async () => {
    const client = new ApiClient('http://127.0.0.1:1', 'secret');
    await expect(client.assignments(null, 0, signal)).rejects.toMatchObject({
      status: null,
      code: 'UNREACHABLE',
    });
  });

  it('holds the credential as a bearer token', async () => {
    const { heard } = await answering(500, {}, '{}');
    expect(heard[0]?.headers.authorization).toBe('Bearer secret');
  });
});

describe('waiting', () => {
  it('grows to half a minute and begins anew after a success', () => {
    expect([1, 2, 3, 7, 8, 100].map(longestWait)).toEqual([500, 1_000, 2_000, 30_000, 30_000, 30_000]);
    const backoff = new Backoff();
    for (let failures = 1; failures < 20; failures += 1) {
      const wait = backoff.failed();
      expect(wait).toBeGreaterThanOrEqual(50);
      expect(wait).toBeLessThanOrEqual(Math.max(50, longestWait(failures)));
    }
    expect(backoff.failed(60_000)).toBe(60_000);
    backoff.succeeded();
    expect(backoff.failed()).toBeLessThanOrEqual(500);
  });
});
