import { describe, expect, it } from 'vitest';
import { withRetries } from '../../../src/client/retry.ts';

interface Sent {
  method: string;
  key: string | null;
  body: string;
}

/** Answers in turn; an Error is a connection that is lost. */
function scripted(...answers: (Response | Error)[]) {
  const sent: Sent[] = [];
  const fetch = withRetries({
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const { method, headers } = request;
      sent.push({ method, key: headers.get('idempotency-key'), body: await request.text() });
      const answer = answers.shift() ?? new Response('no more');
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  return { fetch, sent };
}

const busy = () => new Response(null, { status: 503, headers: { 'retry-after': '0' } });
const URL = 'http://api.test/v1/vms';

describe('a fetch that tries again', () => {
  it('sends the same key and body until there is an answer', async () => {
    const { fetch, sent } = scripted(busy(), busy(), new Response('done', { status: 201 }));
    const answer = await fetch(URL, { method: 'POST', body: '{"name":"a"}' });
    expect([answer.status, await answer.text()]).toEqual([201, 'done']);
    expect(sent.map(({ body }) => body)).toEqual(Array(3).fill('{"name":"a"}'));
    expect(sent[0]?.key).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
  });

  it("keeps the caller's own key", async () => {
    const { fetch, sent } = scripted(new Response());
    await fetch(URL, { method: 'POST', headers: { 'Idempotency-Key': 'mine' } });
    expect(sent[0]?.key).toBe('mine');
  });

  it('sends a POST again whose answer was lost, and no PATCH', async () => {
    const post = scripted(new TypeError('fetch failed'), new Response('done'));
    expect(await (await post.fetch(URL, { method: 'POST' })).text()).toBe('done');
    const patch = scripted(new TypeError('fetch failed'), new Response('done'));
    await expect(patch.fetch(URL, { method: 'PATCH', body: '{}' })).rejects.toThrow('fetch failed');
    expect(patch.sent).toHaveLength(1);
  });

  it('gives the last answer to the caller', async () => {
    const { fetch, sent } = scripted(busy(), busy(), busy(), busy(), new Response('never'));
    expect((await fetch(URL)).status).toBe(503);
    expect(sent).toHaveLength(4);
  });

  it('does not wait for longer than is of use, nor for a refusal', async () => {
    const later = new Response(null, { status: 429, headers: { 'retry-after': '3600' } });
    expect((await scripted(later).fetch(URL)).status).toBe(429);
    const { fetch, sent } = scripted(new Response(null, { status: 409 }));
    expect((await fetch(URL, { method: 'POST' })).status).toBe(409);
    expect(sent).toHaveLength(1);
  });

  it('stops when it is told to', async () => {
    const { fetch } = scripted(new Response(null, { status: 503, headers: { 'retry-after': '20' } }));
    await expect(fetch(URL, { signal: AbortSignal.timeout(20) })).rejects.toThrow(/time/i);
  });
});
