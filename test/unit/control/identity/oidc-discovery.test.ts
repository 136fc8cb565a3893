import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IssuerOrigins } from '../../../../src/control/identity/oidc-discovery.ts';

describe('the origins of an issuer', () => {
  let server: Server;
  let issuer: string;
  let asked: number;
  /** Of the discovery document; null: the issuer is away. */
  let said: Record<string, unknown> | null;

  beforeEach(async () => {
    asked = 0;
    said = {};
    server = createServer((_, response) => {
      asked += 1;
      response.writeHead(said === null ? 503 : 200).end(JSON.stringify({ issuer, ...said }));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  it.each<[string, unknown, string[]]>([
    ['another host', 'https://tokens.example:8443/a/b?c', ['https://tokens.example:8443']],
    ['none', undefined, []],
    ['no address', 'tokens', []],
    ['no web address', 'javascript:alert(1)', []],
    ['an address that would say more in a header', 'https://a;sandbox/token', []],
    ['several', ['https://a.example'], []],
  ])('are its own, and where it gives tokens: %s', async (_, endpoint, more) => {
    said = { token_endpoint: endpoint };
    expect(await new IssuerOrigins(issuer).read()).toEqual([issuer, ...more]);
  });

  it('are its own once when it gives tokens itself', async () => {
    said = { token_endpoint: `${issuer}/token` };
    expect(await new IssuerOrigins(issuer).read()).toEqual([issuer]);
  });

  it('are not those that somebody else says', async () => {
    said = { issuer: 'https://other.example', token_endpoint: 'https://other.example/token' };
    expect(await new IssuerOrigins(issuer).read()).toEqual([issuer]);
  });

  it('are asked for once by many, and not at every turn of an issuer that is away', async () => {
    said = null;
    const patient = new IssuerOrigins(issuer, { againAfterMs: 3_600_000 });
    await Promise.all([patient.read(), patient.read()]);
    expect(await patient.read()).toEqual([issuer]);
    expect(asked).toBe(1);
    const eager = new IssuerOrigins(issuer, { againAfterMs: 0 });
    expect(await eager.read()).toEqual([issuer]);
    said = { token_endpoint: 'https://tokens.example' };
    expect(await eager.read()).toEqual([issuer, 'https://tokens.example']);
  });

  it('are kept while an issuer that has answered is away, and follow it', async () => {
    said = { token_endpoint: 'https://a.example' };
    const origins = new IssuerOrigins(issuer, { goodForMs: 0, againAfterMs: 0 });
    expect(await origins.read()).toEqual([issuer, 'https://a.example']);
    said = null;
    expect(await origins.read()).toEqual([issuer, 'https://a.example']);
    said = { token_endpoint: 'https://b.example' };
    await expect.poll(() => origins.read(), { timeout: 20_000 }).toEqual([issuer, 'https://b.example']);
  });
});
