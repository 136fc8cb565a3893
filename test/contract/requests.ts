/** Requests made of the document: as it wants them, changed in one place, or hostile. */
import { createHash } from 'node:crypto';
import type { OpenApiDocument, OpenApiOperation, Parameter } from '../../src/api/document/json-schema.ts';
import type { Random } from '../unit/machine/devices/random.ts';
import { draw, hostileValue, type Pool, pick, type Source } from './values.ts';

export interface Route {
  method: string;
  path: string;
  operation: OpenApiOperation;
}

export type Manner = 'valid' | 'changed' | 'hostile';
export const MANNERS: readonly Manner[] = ['valid', 'changed', 'hostile'];

export interface FuzzRequest {
  route: Route;
  manner: Manner;
  method: string;
  /** With its query, as it goes over the wire. */
  target: string;
  headers: Record<string, string>;
  body: Buffer | null;
}

export function routesOf(document: OpenApiDocument): Route[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

/** Bytes that are worth uploading: what may be a kernel, and what may not. */
export type Payloads = readonly Buffer[];

interface Draft {
  params: Map<string, string>;
  query: [string, string][];
  headers: Record<string, string>;
  type: string | null;
  json: unknown;
  bytes: Buffer | null;
}

export class Requests {
  readonly #source: Source;
  readonly #payloads: Payloads;

  constructor(document: OpenApiDocument, random: Random, pool: Pool, payloads: Payloads) {
    this.#source = { random, pool, schemas: document.components.schemas };
    this.#payloads = payloads;
  }

  make(route: Route, manner: Manner): FuzzRequest {
    const draft = this.#draft(route);
    if (manner === 'changed') this.#change(draft);
    const request = wire(route, manner, draft);
    return manner === 'hostile' ? this.#attack(request) : request;
  }

  #draft({ operation }: Route): Draft {
    const { random } = this.#source;
    const draft: Draft = {
      params: new Map(),
      query: [],
      headers: {},
      type: null,
      json: undefined,
      bytes: null,
    };
    for (const parameter of operation.parameters ?? []) this.#setParameter(draft, parameter);
    const [type, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [null, null];
    draft.type = type;
    if (type === null) return draft;
    if (/\bjson\b/.test(type)) {
      draft.json = draw(media?.schema ?? {}, this.#source);
      return draft;
    }
    draft.bytes = pick(random, this.#payloads);
    if (draft.params.has('digest') && !random.once(5))
      draft.params.set('digest', `sha256:${createHash('sha256').update(draft.bytes).digest('hex')}`);
    return draft;
  }

  #setParameter(draft: Draft, { name, in: where, required, schema }: Parameter): void {
    const { random, pool } = this.#source;
    if (where === 'path') {
      draft.params.set(name, encodeURIComponent(String(draw(schema, this.#source, name))));
      return;
    }
    if (required !== true && !random.once(where === 'header' ? 4 : 3)) return;
    if (where === 'header') {
      const tags = pool.of('etag');
      const value =
        name === 'if-match' && tags.length > 0 ? pick(random, tags) : draw(schema, this.#source, name);
      draft.headers[name] = printable(String(value));
      return;
    }
    for (const value of [draw(schema, this.#source, name)].flat()) draft.query.push([name, String(value)]);
  }

  /** In one place, so that it is wrong there or is still right. */
  #change(draft: Draft): void {
    const { random } = this.#source;
    const value = hostileValue(random);
    const places: (() => void)[] = [
      () => draft.query.push(['unknown', 'x']),
      () => draft.query.push(pick(random, [...draft.query, ['limit', '0'] as [string, string]])),
      () => {
        for (const pair of draft.query) pair[1] = text(value);
        if (draft.query.length === 0) draft.query.push(['pageToken', text(value)]);
      },
      () => {
        for (const name of draft.params.keys())
          draft.params.set(name, encodeURIComponent(text(value).slice(0, 300)));
      },
      () => {
        draft.headers['if-match'] = pick(random, ['*', 'W/"1"', '"0"', 'x', '"1", "2"', '']);
      },
      () => {
        draft.headers['idempotency-key'] = pick(random, ['k1', 'k2', 'k3', '', 'ü', 'x'.repeat(300)]);
      },
    ];
    const inBody: (() => void)[] = [
      () => {
        draft.json = value;
      },
      () => {
        draft.json = changedJson(draft.json, random, value);
      },
    ];
    const change = draft.json !== undefined && !random.once(3) ? pick(random, inBody) : pick(random, places);
    change();
    if (draft.headers['idempotency-key'] === 'ü') draft.headers['idempotency-key'] = '\u00fc';
  }

  /** What no client sends by mistake. */
  #attack(request: FuzzRequest): FuzzRequest {
    const { random } = this.#source;
    const json = { 'content-type': 'application/json' };
    const deep = (depth: number) => Buffer.from('['.repeat(depth) + ']'.repeat(depth));
    const attacks: (() => Partial<FuzzRequest>)[] = [
      () => ({ headers: { ...request.headers, ...json }, body: Buffer.from('{"name":') }),
      () => ({
        headers: { ...request.headers, ...json },
        body: Buffer.from('{"__proto__":{"role":"admin"}}'),
      }),
      () => ({
        headers: { ...request.headers, ...json },
        body: Buffer.from('{"constructor":{"prototype":{"role":"admin"}}}'),
      }),
      () => ({ headers: { ...request.headers, ...json }, body: deep(20_000) }),
      () => ({ headers: { ...request.headers, ...json }, body: Buffer.from([0x22, 0xff, 0xfe, 0x22]) }),
      () => ({ headers: { ...request.headers, ...json }, body: Buffer.from('\ufeff{}') }),
      () => ({
        headers: { ...request.headers, ...json },
        body: Buffer.alloc(random.once(8) ? 5_000_000 : 10, 0x20),
      }),
      () => ({ headers: { ...request.headers, 'content-type': 'text/xml' }, body: Buffer.from('<a/>') }),
      () => ({ headers: { ...request.headers, 'content-type': 'application/json; charset=utf-16' } }),
      () => ({ headers: { ...request.headers, 'content-encoding': 'gzip' } }),
      () => ({ headers: { ...request.headers, accept: 'image/png' } }),
      () => ({ headers: { ...request.headers, range: 'bytes=99999999999-' } }),
      () => ({ headers: { ...request.headers, 'last-event-id': text(hostileValue(random)).slice(0, 200) } }),
      () => ({
        headers: { ...request.headers, 'x-forwarded-for': '::1', 'x-http-method-override': 'DELETE' },
      }),
      () => ({ headers: { ...request.headers, 'x-long': 'y'.repeat(17_000) } }),
      () => ({ method: pick(random, ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'GET', 'HEAD', 'TRACE']) }),
      () => ({ target: `${request.target.split('?')[0]}/` }),
      () => ({
        target: `${request.target.split('?')[0]}/%2e%2e/${pick(random, ['x', '%zz', '%00', '%ff'])}`,
      }),
      () => ({ target: `/${request.target}` }),
      () => ({
        target: `${request.target.split('?')[0]}?${pick(random, ['a[b]=c', '&&&', '=', '%zz=1', 'limit=1;drop'])}`,
      }),
      () => ({ target: `${request.target.split('?')[0]}?${'limit=1&'.repeat(1_500)}` }),
    ];
    const { headers, ...rest } = { ...request, ...pick(random, attacks)() };
    return {
      ...rest,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, printable(value)])),
    };
  }
}

function wire(route: Route, manner: Manner, draft: Draft): FuzzRequest {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => draft.params.get(name) ?? '');
  const query = draft.query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  const json = draft.json === undefined ? null : Buffer.from(JSON.stringify(draft.json) ?? 'null');
  const body = draft.bytes ?? json;
  return {
    ...{ route, manner, body, method: route.method },
    target: query === '' ? path : `${path}?${query}`,
    headers: {
      ...Object.fromEntries(Object.entries(draft.headers).map(([name, value]) => [name, printable(value)])),
      ...(draft.type === null || body === null ? {} : { 'content-type': draft.type }),
    },
  };
}

function encode(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}

function text(value: unknown): string {
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toWellFormed();
}

/** What Node's client takes as a header. */
function printable(value: string): string {
  return value.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '').slice(0, 20_000);
}

/** A member removed, added or replaced, at some depth. */
function changedJson(json: unknown, random: Random, value: unknown): unknown {
  if (typeof json !== 'object' || json === null) return value;
  if (Array.isArray(json)) {
    if (json.length === 0 || random.once(4)) return [...json, value];
    const at = random.below(json.length);
    return json.map((item, index) => (index === at ? changedJson(item, random, value) : item));
  }
  const entries = Object.entries(json);
  if (entries.length === 0 || random.once(5))
    return { ...json, [pick(random, ['unknown', 'id', '', 'a/b~c'])]: value };
  const at = random.below(entries.length);
  if (random.once(4)) return Object.fromEntries(entries.filter((_, index) => index !== at));
  return Object.fromEntries(
    entries.map(([key, item], index) => [key, index === at ? changedJson(item, random, value) : item]),
  );
}
