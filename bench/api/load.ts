/** Clients that ask one after the other, for some seconds. */
import { Agent, request as httpRequest } from 'node:http';

export interface Turn {
  /** Of what was done, per second. */
  rate: number;
  /** Of each answer. */
  milliseconds: number[];
}

export interface Load {
  /** `http://…`, or `unix:` and the path of a socket. */
  url: string;
  method: string;
  headers: Record<string, string>;
  target: () => string;
  clients: number;
  seconds: number;
}

export async function load({ url, method, headers, target, clients, seconds }: Load): Promise<Turn> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const milliseconds: number[] = [];
  const begun = performance.now();
  const end = begun + seconds * 1_000;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() < end) {
        const from = performance.now();
        await ask(agent, url, { method, target: target(), headers });
        milliseconds.push(performance.now() - from);
      }
    }),
  );
  const rate = (milliseconds.length * 1_000) / (performance.now() - begun);
  agent.destroy();
  return { rate, milliseconds };
}

/** Throws for every answer that is no success. */
export function ask(
  agent: Agent,
  url: string,
  {
    method,
    target,
    headers,
    body,
  }: { method: string; target: string; headers: Record<string, string>; body?: string },
): Promise<void> {
  const { protocol, hostname, port, pathname } = new URL(url);
  const where = protocol === 'unix:' ? { socketPath: pathname } : { hostname, port };
  return new Promise((done, fail) => {
    const sent = httpRequest({ agent, ...where, method, path: target, headers }, (answer) => {
      answer.resume();
      answer.on('end', () =>
        answer.statusCode === 200
          ? done()
          : fail(new Error(`${method} ${target} answered ${answer.statusCode}`)),
      );
    });
    sent.on('error', fail);
    sent.end(body);
  });
}
