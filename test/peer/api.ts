/**
 * The API's side of the agent protocol, from memory. It checks what it hears against the wire schemas, keeps events
 * under (VM, boot, sequence) like the real one, and can be told to fail.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { TSchema } from 'typebox';
import { Check, Errors } from 'typebox/value';
import {
  type Assignment,
  CONSOLE_OFFSET,
  type ConsoleInputResponse,
  EnrolRequest,
  EventsRequest,
  FingerprintRequest,
  HeartbeatRequest,
  type OperationReport,
  ReportsRequest,
} from '../../src/wire/agent.ts';
import type { EventRecord } from '../../src/wire/event.ts';

interface Fault {
  readonly path: RegExp;
  /** Null: the connection is cut without an answer, after the request was acted on. */
  readonly status: number | null;
  times: number;
}

export class PeerApi implements AsyncDisposable {
  readonly events = new Map<string, EventRecord>();
  readonly reports: OperationReport[] = [];
  readonly consoles = new Map<string, Buffer>();
  readonly blobs = new Map<string, Buffer>();
  /** What was brought for each intent, every time. */
  readonly snapshots = new Map<string, Buffer[]>();
  /** What was brought for each migration of disks, every time. */
  readonly transfers = new Map<string, Buffer[]>();
  readonly heartbeats: HeartbeatRequest[] = [];
  readonly enrolments: EnrolRequest[] = [];
  readonly fingerprints: FingerprintRequest[] = [];
  /** Every request line heard, in order. */
  readonly heard: string[] = [];
  /** How often records were delivered, repetitions included. */
  deliveries = 0;
  blobBytesSent = 0;
  #assignments: Assignment[] = [];
  #revision = 0;
  #inputs: (ConsoleInputResponse['inputs'][number] & { position: number })[] = [];
  readonly #faults: Fault[] = [];
  #waiting: (() => void)[] = [];
  readonly #server = createServer((request, response) => {
    void this.#serve(request, response).catch((error: Error) =>
      this.#problem(response, 500, 'BUG', error.message),
    );
  });

  static async start(): Promise<PeerApi> {
    const api = new PeerApi();
    await new Promise<void>((resolve) => api.#server.listen(0, '127.0.0.1', resolve));
    return api;
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#wake();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  assign(...assignments: Assignment[]): void {
    this.#assignments = assignments;
    this.#revision += 1;
    this.#wake();
  }

  type(vmId: string, runId: string, text: string): void {
    const position = (this.#inputs.at(-1)?.position ?? 0) + 1;
    this.#inputs.push({ position, vmId, runId, data: Buffer.from(text).toString('base64') });
    this.#wake();
  }

  addBlob(content: Buffer): string {
    const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
    this.blobs.set(digest, content);
    return digest;
  }

  fail(path: RegExp, status: number | null, times = 1): void {
    this.#faults.push({ path, status, times });
  }

  /** Kinds of the events of a run in their order. */
  kinds(runId: string): string[] {
    return [...this.events.values()]
      .filter((event) => event.runId === runId)
      .sort((a, b) => a.sequence - b.sequence)
      .map(({ kind }) => kind);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://peer');
    this.heard.push(`${request.method} ${url.pathname}${url.search}`);
    const body = await bytesOf(request);
    const fault = this.#faults.find(({ path, times }) => times > 0 && path.test(url.pathname));
    if (fault !== undefined) {
      fault.times -= 1;
      if (fault.status !== null) return this.#problem(response, fault.status, 'INJECTED', 'told to fail');
    }
    const answer = await this.#answer(url, request, body, response);
    if (fault !== undefined) response.destroy();
    else if (answer !== undefined) this.#json(response, 200, answer);
  }

  async #answer(
    url: URL,
    request: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
  ): Promise<unknown> {
    const route = url.pathname.replace('/agent/v1/', '');
    if (route === 'enrol') {
      this.enrolments.push(checked(EnrolRequest, body));
      return { hostId: '01890000-0000-7000-8000-0000000000f0' };
    }
    if (route === 'heartbeat') {
      this.heartbeats.push(checked(HeartbeatRequest, body));
      return { leaseSeconds: 30, heartbeatSeconds: 1 };
    }
    if (route === 'fingerprint') {
      this.fingerprints.push(checked(FingerprintRequest, body));
      return { digest: `sha256:${'0'.repeat(64)}` };
    }
    if (route === 'assignments') {
      await this.#wait(url, () => url.searchParams.get('known') !== String(this.#revision));
      return { revision: String(this.#revision), vms: this.#assignments };
    }
    if (route === 'events') return this.#recordEvents(checked(EventsRequest, body).events);
    if (route === 'reports') {
      const { reports } = checked(ReportsRequest, body);
      this.reports.push(...reports);
      return { applied: reports.length, ignored: 0 };
    }
    if (route === 'console-input') return await this.#input(url);
    if (route.startsWith('snapshots/'))
      return this.#snapshot(route.slice('snapshots/'.length), body, response);
    if (route.startsWith('transfers/')) return this.#transfer(route.slice('transfers/'.length), url, body);
    if (route.startsWith('blobs/')) return this.#blob(route.slice('blobs/'.length), request, response);
    if (route.includes('/console/')) return this.#console(route, url, body, response);
    return this.#problem(response, 404, 'NOT_FOUND', url.pathname);
  }

  #recordEvents(events: EventRecord[]): unknown {
    let inserted = 0;
    for (const event of events) {
      this.deliveries += 1;
      const key = `${event.vmId} ${event.bootId} ${event.sequence}`;
      const known = this.events.get(key);
      if (known !== undefined && JSON.stringify(known) !== JSON.stringify(event)) {
        throw new Error(`two records under ${key}`);
      }
      if (known === undefined) inserted += 1;
      this.events.set(key, event);
    }
    return { inserted, duplicates: events.length - inserted, refused: [] };
  }

  async #input(url: URL): Promise<unknown> {
    const after = Number(url.searchParams.get('after') ?? this.#inputs.at(-1)?.position ?? 0);
    const fresh = () => this.#inputs.filter(({ position }) => position > after);
    await this.#wait(url, () => fresh().length > 0);
    const inputs = fresh().map(({ vmId, runId, data }) => ({ vmId, runId, data }));
    return { position: String(fresh().at(-1)?.position ?? after), inputs };
  }

  #blob(digest: string, request: IncomingMessage, response: ServerResponse): undefined {
    const blob = this.blobs.get(digest);
    if (blob === undefined) return this.#problem(response, 404, 'BLOB_NOT_FOUND', digest);
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (start >= blob.length && start > 0) return this.#problem(response, 416, 'RANGE', 'nothing there');
    response.writeHead(start > 0 ? 206 : 200, { 'content-type': 'application/octet-stream' });
    const part = blob.subarray(start);
    this.blobBytesSent += part.length;
    response.end(part);
    return undefined;
  }

  /** As the real one: not before its event is there. */
  #snapshot(intentId: string, body: Buffer, response: ServerResponse): unknown {
    const saved = [...this.events.values()].find(
      ({ kind, intentIds }) => kind === 'saved' && intentIds.includes(intentId),
    );
    if (saved === undefined) return this.#problem(response, 409, 'SNAPSHOT_NOT_WANTED', intentId);
    this.snapshots.set(intentId, [...(this.snapshots.get(intentId) ?? []), body]);
    return {};
  }

  #transfer(operationId: string, url: URL, body: Buffer): unknown {
    const digest = url.searchParams.get('digest');
    if (digest !== `sha256:${createHash('sha256').update(body).digest('hex')}`)
      throw new Error('other bytes');
    this.transfers.set(operationId, [...(this.transfers.get(operationId) ?? []), body]);
    return {};
  }

  #console(route: string, url: URL, body: Buffer, response: ServerResponse): unknown {
    const bootId = route.split('/').at(-1) ?? '';
    const stored = this.consoles.get(bootId) ?? Buffer.alloc(0);
    if (Number(url.searchParams.get('offset')) !== stored.length) {
      this.#json(response, 409, { code: CONSOLE_OFFSET, expectedOffset: stored.length });
      return undefined;
    }
    const next = Buffer.concat([stored, body]);
    this.consoles.set(bootId, next);
    return { nextOffset: next.length };
  }

  async #wait(url: URL, ready: () => boolean): Promise<void> {
    const until = Date.now() + Number(url.searchParams.get('wait') ?? 0) * 1000;
    while (!ready() && Date.now() < until && this.#server.listening) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        setTimeout(resolve, Math.max(0, until - Date.now())).unref();
      });
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #json(response: ServerResponse, status: number, value: unknown): void {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  }

  #problem(response: ServerResponse, status: number, code: string, detail: string): undefined {
    this.#json(response, status, { type: 'about:blank', title: code, status, detail, code });
    return undefined;
  }
}

function checked<S extends TSchema>(schema: S, body: Buffer) {
  const value: unknown = JSON.parse(body.toString());
  if (!Check(schema, value)) throw new Error(JSON.stringify(Errors(schema, value)));
  return value;
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
