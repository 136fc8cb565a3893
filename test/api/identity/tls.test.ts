import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../../../src/agent/client.ts';
import { enrol } from '../../../src/agent/enrol.ts';
import { Store } from '../../../src/agent/store.ts';
import { tlsFetch } from '../../../src/agent/tls-fetch.ts';
import { readConfig } from '../../../src/api/config.ts';
import { startServer } from '../../../src/api/server.ts';
import { FACTS } from '../../peer/facts.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { Authority, type Certificate } from '../../support/certificates.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../temporary.ts';

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any;
  /** Of the server's certificate. */
  server: string;
}

describe('TLS', () => {
  let directory: TemporaryDirectory;
  let authority: Authority;
  let api: TestApi;
  let certFile: string;
  let keyFile: string;

  beforeAll(async () => {
    directory = temporaryDirectory();
    authority = await Authority.make(directory.path);
    ({ certFile, keyFile } = await authority.sign('server', 'first'));
    api = await startApi({ tlsCertFile: certFile, tlsKeyFile: keyFile, tlsClientCaFile: authority.certFile });
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
    directory[Symbol.dispose]();
  });

  async function ask(
    method: string,
    path: string,
    options: { token?: string; body?: object; certificate?: Certificate; maxVersion?: 'TLSv1.1' } = {},
  ): Promise<Answer> {
    const { token, body, certificate, maxVersion } = options;
    const url = new URL(path, api.url);
    const ca = await readFile(authority.certFile);
    const shown =
      certificate === undefined
        ? {}
        : { cert: await readFile(certificate.certFile), key: await readFile(certificate.keyFile) };
    return new Promise((done, fail) => {
      const request = httpsRequest(
        url,
        {
          ...{ method, ca, agent: false, ...shown },
          ...(maxVersion === undefined ? {} : { maxVersion, minVersion: 'TLSv1' as const }),
          headers: {
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
        },
        (response) => {
          const server = (response.socket as TLSSocket).getPeerCertificate().subject.CN;
          let text = '';
          response.setEncoding('utf8').on('data', (piece: string) => {
            text += piece;
          });
          response.on('end', () => {
            const { statusCode: status = 0, headers } = response;
            done({ status, headers, body: text === '' ? null : JSON.parse(text), server: String(server) });
          });
        },
      );
      request.on('error', fail).end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  it('serves clients without a certificate, and tells browsers to stay with it', async () => {
    expect(api.url).toMatch(/^https:/);
    const answer = await ask('GET', '/v1/whoami', { token: api.adminToken });
    expect(answer).toMatchObject({ status: 200, server: 'first', body: { role: 'admin' } });
    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000');
    expect(answer.headers['cache-control']).toBe('no-store');
    await expect(ask('GET', '/healthz', { maxVersion: 'TLSv1.1' })).rejects.toThrow();
  });

  it('lets in agents with a certificate of their host only', async () => {
    const credential = randomBytes(32).toString('base64url');
    const { body: permission } = await ask('POST', '/v1/enrolment-tokens', {
      token: api.adminToken,
      body: {},
    });
    const body = {
      ...{ enrolmentToken: permission.token, name: 'host-a', labels: {}, facts: FACTS },
      credentialHash: createHash('sha256').update(credential).digest('hex'),
    };
    const stranger = await Authority.make(directory.path, 'stranger');
    const [own, other, foreign] = [
      await authority.sign('host-a', 'host-a'),
      await authority.sign('host-b', 'host-b'),
      await stranger.sign('forged', 'host-a'),
    ];
    const refused = { status: 401, body: { code: 'CLIENT_CERTIFICATE_REQUIRED' } };
    expect(await ask('POST', '/agent/v1/enrol', { body })).toMatchObject(refused);
    expect(await ask('POST', '/agent/v1/enrol', { body, certificate: other })).toMatchObject(refused);
    expect(await ask('POST', '/agent/v1/enrol', { body, certificate: own })).toMatchObject({ status: 200 });
    const poll = (certificate?: Certificate) =>
      ask('GET', '/agent/v1/assignments', {
        token: credential,
        ...(certificate === undefined ? {} : { certificate }),
      });
    expect(await poll(own)).toMatchObject({ status: 200 });
    for (const certificate of [undefined, other, foreign])
      expect(await poll(certificate)).toMatchObject(refused);
  });

  it('is spoken by an agent with its certificate', async () => {
    const files = await authority.sign('host-c', 'host-c');
    using state = temporaryDirectory();
    const store = new Store(state.path);
    store.open();
    const { body: permission } = await ask('POST', '/v1/enrolment-tokens', {
      token: api.adminToken,
      body: {},
    });
    const options = {
      ...{ api: api.url, name: 'host-c', labels: {}, facts: FACTS },
      ...{ enrolmentTokenFile: null, enrolmentToken: permission.token },
    };
    const http = tlsFetch({ ...files, caFile: authority.certFile });
    const { signal } = new AbortController();
    const membership = await enrol(store, { ...options, http }, pino({ level: 'silent' }), signal);
    expect(membership?.hostId).toMatch(/^[0-9a-f-]{36}$/);
    const client = new ApiClient(api.url, membership?.credential ?? '', http);
    expect(await client.heartbeat({ facts: FACTS, vms: [] }, signal)).toMatchObject({ leaseSeconds: 3_600 });
    expect((await client.assignments(null, 0, signal)).vms).toEqual([]);
    const bytes = client.console(randomUUID(), randomUUID(), 0, Uint8Array.from([1]), signal);
    await expect(bytes).rejects.toMatchObject({ status: 404, code: 'VM_NOT_FOUND' });
    writeFileSync(join(state.path, 'saved'), 'of a guest');
    await expect(client.snapshot(randomUUID(), join(state.path, 'saved'), signal)).rejects.toMatchObject({
      code: 'SNAPSHOT_NOT_WANTED',
    });
    const without = new ApiClient(
      api.url,
      membership?.credential ?? '',
      tlsFetch({
        ...{ certFile: null, keyFile: null, caFile: authority.certFile },
      }),
    );
    await expect(without.assignments(null, 0, signal)).rejects.toMatchObject({
      code: 'CLIENT_CERTIFICATE_REQUIRED',
    });
    const distrustful = new ApiClient(api.url, '');
    await expect(distrustful.assignments(null, 0, signal)).rejects.toMatchObject({ code: 'UNREACHABLE' });
  });

  it('takes up a renewed certificate, and keeps what it has when the new one is no good', async () => {
    const renewed = await authority.sign('renewed', 'second');
    // Half of the pair: nothing that could be served.
    await copyFile(renewed.certFile, certFile);
    process.emit('SIGHUP');
    expect((await ask('GET', '/healthz')).server).toBe('first');
    await copyFile(renewed.keyFile, keyFile);
    await expect
      .poll(
        async () => {
          process.emit('SIGHUP');
          return (await ask('GET', '/healthz')).server;
        },
        { timeout: 30_000 },
      )
      .toBe('second');
  });

  it('does not start with files that are none', async () => {
    const broken = join(directory.path, 'broken.crt');
    await writeFile(broken, 'no certificate');
    const start = (tlsCertFile: string) =>
      startServer({
        ...{ ...readConfig({}), tlsCertFile, tlsKeyFile: keyFile, logLevel: 'silent', port: 0 },
        ...{ dataDirectory: directory.path, databaseUrl: 'postgres://nowhere.invalid/none' },
      });
    await expect(start(broken)).rejects.toThrow(/TLS cannot be served with .*broken\.crt/);
    await expect(start('/none.crt')).rejects.toThrow('cannot read /none.crt');
  });
});
