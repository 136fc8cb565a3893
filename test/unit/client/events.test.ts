import { describe, expect, it } from 'vitest';
import { followEvents } from '../../../src/client/events.ts';

/** Answers each connection with the next of `streams`, in pieces as they may arrive. */
function streams(...answers: (string[] | Response)[]) {
  const asked: (string | null)[] = [];
  const fetch = async (_: unknown, init?: RequestInit): Promise<Response> => {
    asked.push(new Headers(init?.headers).get('last-event-id'));
    const answer = answers.shift();
    if (answer === undefined) throw new TypeError('fetch failed');
    if (answer instanceof Response) return answer;
    return new Response(ReadableStream.from(answer.map((piece) => new TextEncoder().encode(piece))));
  };
  return { asked, fetch: fetch as typeof globalThis.fetch };
}

const source = { baseUrl: 'http://api.test', token: 't' };

async function take(count: number, options: Parameters<typeof followEvents>[0]): Promise<unknown[]> {
  const events: unknown[] = [];
  for await (const event of followEvents(options)) if (events.push(event) === count) break;
  return events;
}

describe('following the event log', () => {
  it('puts pieces together and goes on behind the last id', async () => {
    const { asked, fetch } = streams(
      ['retry: 1\n\nid: 1-0\nda', 'ta: {"kind":"star', 'ted"}\n', '\n: keep-alive\nid: 5-0\n\n'],
      new Response(null, { status: 503 }),
      ['id: 6-0\r\ndata: {"kind":\r\ndata: "poweroff"}\r\n\r\nid: 7-0\ndata: {"kind":"lost"}\n\n'],
    );
    const events = await take(3, { ...source, fetch, after: '0-0' });
    expect(events).toEqual([{ kind: 'started' }, { kind: 'poweroff' }, { kind: 'lost' }]);
    expect(asked).toEqual(['0-0', '5-0', '5-0']);
  });

  it('leaves out an event that was cut off', async () => {
    const { asked, fetch } = streams(
      ['retry: 1\n\nid: 1-0\ndata: {"kind":"started"}\n\nid: 2-0\ndata: {"ki'],
      ['id: 2-0\ndata: {"kind":"lost"}\n\n'],
    );
    expect(await take(2, { ...source, fetch })).toEqual([{ kind: 'started' }, { kind: 'lost' }]);
    expect(asked).toEqual([null, '1-0']);
  });

  it('throws what the API refuses for good', async () => {
    const problem = { type: 'about:blank', title: 'No', status: 401, detail: 'No.', code: 'UNAUTHENTICATED' };
    const headers = { 'content-type': 'application/problem+json' };
    const { fetch } = streams(new Response(JSON.stringify(problem), { status: 401, headers }));
    await expect(take(1, { ...source, fetch })).rejects.toThrow('UNAUTHENTICATED');
  });

  it('ends when it is told to', async () => {
    const { fetch } = streams();
    expect(await take(1, { ...source, fetch, signal: AbortSignal.timeout(20) })).toEqual([]);
  });
});
