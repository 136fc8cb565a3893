/**
 * Fuzzes the whole API, knowing nothing of it but its OpenAPI document and the ids that its answers tell of: every route,
 * as every role, with requests that fit the document, that are wrong in one place, and that are hostile.
 *
 * For each answer it asks: is it no 5xx, does the document have it (status, headers, media type, schema, code), and has
 * nothing changed where the request was refused or only read? Background work changes things too, so a change counts only
 * when the same request, sent again, goes with it each time, and a pause as long does not.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenApiDocument } from '../../src/api/document/json-schema.ts';
import type { RequestOptions, TestApi } from '../support/api.ts';
import { arm64Image } from '../support/kernels.ts';
import { type Endpoint, makeImage, makeVm, ProtocolHost, startVm } from '../support/protocol-host.ts';
import { Random } from '../unit/machine/devices/random.ts';
import { Changes } from './changes.ts';
import { codeOf, type FuzzAnswer, Judge, parse } from './judge.ts';
import { type FuzzRequest, MANNERS, Requests, type Route, routesOf } from './requests.ts';
import { closeConnections, sendRaw } from './send.ts';
import { Pool, pick } from './values.ts';

const CALLERS = ['viewer', 'operator', 'admin', 'agent', 'nobody'] as const;
type Caller = (typeof CALLERS)[number];

/** How often a refused request must go with a change to be behind it. */
const TIMES = 5;
const PAUSE_MS = 200;
/** What there was is deleted and killed by and by; after so many requests there is more. */
const REPLENISH = 400;
/** Refusals that leave something to read: the preflight that objects. */
const MEANT_TO_CHANGE = ['PREFLIGHT_OBJECTS'];

export interface Fault {
  /** Counted from 0: with the seed it says which request it was. */
  index: number;
  caller: Caller;
  request: FuzzRequest;
  what: string;
}

export interface Report {
  seed: number;
  requests: number;
  faults: Fault[];
  /** By operationId: how many requests, and how many of them succeeded. */
  operations: Map<string, { sent: number; succeeded: number; callers: Set<Caller> }>;
  statuses: Map<number, number>;
  seconds: number;
}

export async function fuzz(
  api: TestApi,
  { seed, requests, onFault }: { seed: number; requests: number; onFault?: (fault: Fault) => void },
): Promise<Report> {
  const document: OpenApiDocument = (await api.request('GET', '/openapi.json', { token: null })).body;
  const routes = routesOf(document);
  const random = new Random(seed);
  const pool = new Pool();
  const payloads = [
    Buffer.alloc(0),
    Buffer.from('initramfs'),
    arm64Image('Linux version 6.12.9 (build@host) #1 SMP\n'),
    Buffer.from(Uint8Array.from({ length: 100_000 }, () => random.below(256))),
  ];
  const made = new Requests(document, random, pool, payloads);
  const judge = new Judge(document);
  const callers = new Callers(api);
  for (const { path, operation } of routes)
    for (const { example } of Object.values(operation.requestBody?.content ?? {}))
      pool.learn(path, withoutIds(example));
  await populate(api, pool, callers);
  const changes = await Changes.watch(api.control.pool);
  const report: Report = {
    ...{ seed, requests, faults: [], statuses: new Map(), seconds: 0 },
    operations: new Map(
      routes.map(({ operation }) => [operation.operationId, { sent: 0, succeeded: 0, callers: new Set() }]),
    ),
  };
  // Each route as each caller in each manner, in an order of the seed's; then as it comes.
  const round = shuffled(
    routes.flatMap((route) =>
      CALLERS.flatMap((caller) => MANNERS.map((manner) => ({ route, caller, manner }))),
    ),
    random,
  );
  const started = performance.now();
  for (let index = 0; index < requests; index++) {
    if (index > 0 && index % REPLENISH === 0) {
      await populate(api, pool, callers);
      await changes.since();
    }
    const planned = round[index] ?? {
      route: pick(random, routes),
      manner: pick(random, [...MANNERS, 'valid' as const, 'valid' as const]),
      caller: null,
    };
    const { route, manner } = planned;
    const caller = planned.caller ?? fitting(route, random);
    const request = made.make(route, manner);
    const note = (what: string): void => {
      const fault = { index, caller, request, what };
      report.faults.push(fault);
      onFault?.(fault);
    };
    try {
      const answer = await callers.send(request, caller);
      if (answer === null) continue;
      tally(report, request, caller, answer);
      for (const what of judge.faults(request, answer)) note(what);
      if (mayChange(request, answer)) {
        learn(pool, route.path, answer);
        await changes.since();
      } else if (MEANT_TO_CHANGE.includes(codeOf(answer) ?? '')) {
        await changes.since();
      } else {
        learn(pool, route.path, answer);
        const tables = await changedBy(request, caller, callers, changes);
        if (tables.length > 0)
          note(`${answer.status} ${codeOf(answer) ?? ''}, and yet ${tables.join(', ')} changed`);
      }
    } catch (error) {
      note(String(error));
    }
  }
  closeConnections();
  report.seconds = (performance.now() - started) / 1_000;
  return report;
}

/** Safe methods and refused requests change nothing. */
function mayChange({ method }: FuzzRequest, { status }: FuzzAnswer): boolean {
  return status < 400 && !['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(method);
}

async function changedBy(
  request: FuzzRequest,
  caller: Caller,
  callers: Callers,
  changes: Changes,
): Promise<string[]> {
  let tables = await changes.since();
  for (let again = 1; again < TIMES && tables.length > 0; again++) {
    const started = performance.now();
    const answer = await callers.send(request, caller);
    if (answer === null || mayChange(request, answer)) return [];
    const now = await changes.since();
    await sleep(performance.now() - started + PAUSE_MS);
    const meanwhile = await changes.since();
    tables = tables.filter((name) => now.includes(name) && !meanwhile.includes(name));
  }
  return tables;
}

function tally(report: Report, { route }: FuzzRequest, caller: Caller, { status }: FuzzAnswer): void {
  report.statuses.set(status, (report.statuses.get(status) ?? 0) + 1);
  const counted = report.operations.get(route.operation.operationId);
  if (counted === undefined) return;
  counted.sent += 1;
  counted.callers.add(caller);
  if (status < 400) counted.succeeded += 1;
}

function learn(pool: Pool, path: string, { status, headers, text }: FuzzAnswer): void {
  if (headers.etag !== undefined) pool.add('etag', headers.etag);
  if (status < 300 && headers['content-type']?.startsWith('application/json') === true)
    pool.learn(path, parse(text));
}

/** Who the route is for, most of the time. */
function fitting({ operation }: Route, random: Random): Caller {
  if (random.once(8)) return pick(random, CALLERS);
  const role = operation['x-role'];
  if (role === 'agent') return 'agent';
  return role === 'viewer' ? pick(random, ['viewer', 'admin'] as const) : 'admin';
}

/** Tokens and credentials; the fuzzer may delete or revoke its own, which are then made anew. */
class Callers {
  readonly #api: TestApi;
  readonly #secrets = new Map<Caller, string>();

  constructor(api: TestApi) {
    this.#api = api;
  }

  use(caller: Caller, secret: string): void {
    this.#secrets.set(caller, secret);
  }

  async send(request: FuzzRequest, caller: Caller): Promise<FuzzAnswer | null> {
    const answer = await sendRaw(this.#api.url, request, await this.#secret(caller));
    const belongs = (request.route.operation['x-role'] === 'agent') === (caller === 'agent');
    const isUnknown = answer !== null && codeOf(answer) === 'UNAUTHENTICATED';
    if (isUnknown && belongs) this.#secrets.delete(caller);
    return answer;
  }

  async #secret(caller: Caller): Promise<string | null> {
    if (caller === 'nobody') return null;
    const known = this.#secrets.get(caller);
    if (known !== undefined) return known;
    // The admin's own token is no secret of the pool, and its last one cannot be deleted.
    const secret =
      caller === 'agent'
        ? (await ProtocolHost.enrol(await asAdmin(this.#api))).credential
        : await this.#api.newToken(caller);
    this.#secrets.set(caller, secret);
    return secret;
  }
}

/** A few machines to ask about, and a host for them. */
async function populate(api: TestApi, pool: Pool, callers: Callers): Promise<void> {
  const zone = `zone-${randomUUID().slice(0, 8)}`;
  const admin = await asAdmin(api);
  const host = await ProtocolHost.enrol(admin, { labels: { zone } });
  callers.use('agent', host.credential);
  const imageId = await makeImage(admin);
  for (let index = 0; index < 6; index++) {
    // Pinned, since the fuzzer makes policies too.
    const psci = { policy: 'pinned', version: '1.1' };
    const vm = await makeVm(admin, imageId, { labels: { team: 'a' }, hostSelector: { zone }, psci });
    if (index < 4) await startVm(admin, host, vm.id);
    pool.learn('/v1/vms', vm);
  }
  for (const path of ['/v1/hosts', '/v1/images', '/v1/operations', '/v1/events?order=desc'])
    pool.learn(path.split('?')[0] ?? path, (await admin.request('GET', path)).body);
  pool.learn('/agent/v1/assignments', (await host.request('GET', '/agent/v1/assignments')).body);
}

/** With a token of its own: the fuzzer may have deleted any other. */
async function asAdmin(api: TestApi): Promise<Endpoint> {
  const token = await api.newToken('admin');
  return {
    request: (method: string, path: string, options: RequestOptions = {}) =>
      api.request(method, path, { token, ...options }),
  };
}

/** The ids and digests of examples are of nothing that is there. */
function withoutIds(example: unknown): unknown {
  if (example === undefined) return null;
  return JSON.parse(JSON.stringify(example), (_, value) =>
    typeof value === 'string' && /[0-9a-f]{12}/.test(value) ? null : value,
  );
}

function shuffled<T>(items: T[], random: Random): T[] {
  const order = [...items];
  for (let index = order.length - 1; index > 0; index--) {
    const other = random.below(index + 1);
    [order[index], order[other]] = [order[other] as T, order[index] as T];
  }
  return order;
}

/** As one line that says what was sent, for a person. */
export function describeFault({ index, caller, request, what }: Fault): string {
  const { method, target, headers, body, manner } = request;
  const sent = body === null ? '' : ` ${body.subarray(0, 600).toString('utf8')}`;
  return `#${index} ${manner} as ${caller}: ${method} ${target.slice(0, 300)} ${JSON.stringify(headers).slice(0, 300)}${sent}\n    ${what}`;
}
