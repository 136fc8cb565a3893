/**
 * `fetch` over TLS with a certificate of the host's own, or an authority that the machine does not know: Node's takes
 * neither. It does what client.ts asks of it, nothing more.
 */
import { readFileSync, statSync } from 'node:fs';
import type { ClientRequest } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { ConfigError } from '../config/setting.ts';
import type { Fetch, FetchOptions } from './client.ts';

export interface TlsClientFiles {
  /** PEM; both or neither. */
  readonly certFile: string | null;
  readonly keyFile: string | null;
  /** PEM; null: the authorities that the machine trusts. */
  readonly caFile: string | null;
}

/** Files that were renewed are taken up at the next request. @throws ConfigError when they cannot be read */
export function tlsFetch(files: TlsClientFiles): Fetch {
  let agent = newAgent(files);
  let version = versionOf(files);
  return async (url, options) => {
    const now = versionOf(files);
    if (now !== version) {
      // Requests under way keep the old one.
      agent = newAgent(files);
      version = now;
    }
    return send(url, options, agent);
  };
}

function send(url: string, options: FetchOptions, agent: Agent): Promise<Response> {
  const { method, headers, body, signal } = options;
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const request = httpsRequest(url, { agent, method, headers, signal });
  request.on('error', reject);
  request.on('response', (response) => {
    const status = response.statusCode ?? 0;
    if (status >= 300 && status < 400) {
      // It could carry the credential elsewhere.
      request.destroy(new Error(`the API answered with a redirect (${status})`));
      return;
    }
    const fields = Object.entries(response.headersDistinct).flatMap(([name, values = []]) =>
      values.map((value): [string, string] => [name, value]),
    );
    const isEmpty = status === 204;
    if (isEmpty) response.resume();
    const content = isEmpty ? null : (Readable.toWeb(response) as ReadableStream<Uint8Array<ArrayBuffer>>);
    resolve(new Response(content as ConstructorParameters<typeof Response>[0], { status, headers: fields }));
  });
  sendBody(request, body).catch(reject);
  return promise;
}

async function sendBody(request: ClientRequest, body: FetchOptions['body']): Promise<void> {
  if (!(body instanceof Blob)) {
    request.end(body ?? undefined);
    return;
  }
  request.setHeader('content-length', body.size);
  await pipeline(Readable.fromWeb(body.stream() as ReadableStream), request);
}

function newAgent({ certFile, keyFile, caFile }: TlsClientFiles): Agent {
  try {
    return new Agent({
      keepAlive: true,
      ...(certFile === null ? {} : { cert: readFileSync(certFile) }),
      ...(keyFile === null ? {} : { key: readFileSync(keyFile) }),
      ...(caFile === null ? {} : { ca: readFileSync(caFile) }),
    });
  } catch (error) {
    throw new ConfigError(`cannot read the TLS files: ${error instanceof Error ? error.message : error}`);
  }
}

function versionOf({ certFile, keyFile, caFile }: TlsClientFiles): string {
  return [certFile, keyFile, caFile]
    .map((file) => (file === null ? '' : statSync(file, { throwIfNoEntry: false })?.mtimeMs))
    .join(' ');
}
