import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/api/config.ts';

describe('readConfig', () => {
  it('has defaults', () => {
    expect(readConfig({})).toEqual({
      port: 8080,
      bind: '127.0.0.1',
      dataDirectory: resolve('.holdfast'),
      databaseUrl: null,
      leaseSeconds: 30,
      heartbeatSeconds: 5,
      metricsPort: null,
      metricsBind: '127.0.0.1',
      requestsPerMinute: 60_000,
      mostDelayMs: 2_000,
      trustedProxies: [],
      tlsCertFile: null,
      tlsKeyFile: null,
      tlsClientCaFile: null,
      oidcIssuer: null,
      oidcAudience: null,
      oidcJwksUrl: null,
      oidcRoleClaim: 'holdfast_role',
      oidcRolePrefix: '',
      oidcScopeClaim: null,
      oidcClientId: null,
      oidcScopes: 'openid',
      secretKeys: [],
      logLevel: 'info',
      webhookNetworks: [],
    });
  });

  it('takes the addresses of proxies, and an issuer as its tokens name it', () => {
    const config = readConfig({
      HOLDFAST_TRUSTED_PROXIES: '10.0.0.0/8, ::1',
      HOLDFAST_OIDC_ISSUER: 'https://issuer.example/realm/',
      HOLDFAST_OIDC_AUDIENCE: 'holdfast',
    });
    expect(config.trustedProxies).toEqual(['10.0.0.0/8', '::1']);
    expect(config.oidcIssuer).toBe('https://issuer.example/realm/');
  });

  it.each<[Record<string, string>, string]>([
    [{ HOLDFAST_TRUSTED_PROXIES: '10.0.0.0/33' }, 'must be IP addresses'],
    [{ HOLDFAST_TRUSTED_PROXIES: 'proxy.example' }, 'must be IP addresses'],
    [{ HOLDFAST_TLS_CERT_FILE: 'a.pem' }, 'both a certificate'],
    [{ HOLDFAST_TLS_CLIENT_CA_FILE: 'a.pem' }, 'take TLS'],
    [{ HOLDFAST_OIDC_ISSUER: 'https://issuer.example' }, 'HOLDFAST_OIDC_AUDIENCE'],
    [{ HOLDFAST_OIDC_CLIENT_ID: 'page' }, 'takes an issuer'],
    [{ HOLDFAST_OIDC_SCOPES: 'profile' }, 'must have openid'],
    [{ HOLDFAST_OIDC_ISSUER: 'http://issuer.example', HOLDFAST_OIDC_AUDIENCE: 'a' }, 'must be https'],
  ])('refuses %o', (environment, message) => {
    expect(() => readConfig(environment)).toThrow(message);
  });

  it('takes what is set and ignores what is empty or not its own', () => {
    const config = readConfig({
      HOLDFAST_PORT: '9090',
      HOLDFAST_BIND: '::',
      HOLDFAST_DATA: '/var/lib/holdfast',
      DATABASE_URL: 'postgres://u:p@db/h',
      HOLDFAST_WEBHOOK_NETWORKS: '10.0.0.0/8, fd00::/8',
      HOLDFAST_LEASE_SECONDS: '',
      HOME: '/root',
    });
    expect(config).toMatchObject({
      port: 9090,
      bind: '::',
      dataDirectory: '/var/lib/holdfast',
      databaseUrl: 'postgres://u:p@db/h',
      webhookNetworks: ['10.0.0.0/8', 'fd00::/8'],
      leaseSeconds: 30,
    });
  });

  it.each([
    ['HOLDFAST_PORT', 'http'],
    ['HOLDFAST_PORT', '70000'],
    ['HOLDFAST_PORT', '80.5'],
    ['HOLDFAST_LEASE_SECONDS', '0'],
    ['HOLDFAST_LOG_LEVEL', 'loud'],
    ['HOLDFAST_WEBHOOK_NETWORKS', '10.0.0.0/8,here'],
    ['HOLDFAST_WEBHOOK_NETWORKS', '10.0.0.1/33'],
  ])('names %s=%s', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(`${name}="${value}"`);
  });

  it('does not show a secret that is wrong', () => {
    const read = () => readConfig({ DATABASE_URL: 'mysql://user:hidden@db' });
    expect(read).toThrow('DATABASE_URL=… must be a URL that begins with postgres://');
  });

  it('names every variable that is wrong', () => {
    expect(() => readConfig({ HOLDFAST_PORT: 'x', HOLDFAST_LOG_LEVEL: 'y' })).toThrow(
      /HOLDFAST_PORT[\s\S]*HOLDFAST_LOG_LEVEL/,
    );
  });

  it('wants two heartbeats within a lease', () => {
    expect(() => readConfig({ HOLDFAST_LEASE_SECONDS: '9', HOLDFAST_HEARTBEAT_SECONDS: '5' })).toThrow(
      'at least twice',
    );
  });
});
