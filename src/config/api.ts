/** The settings of `holdfast api`. A new one is a member here, and nothing else: file, check and documentation follow. */
import { resolve } from 'node:path';
import { addresses, choice, httpUrl, keys, networks, path, text, whole } from './kinds.ts';
import { setting, settingOf, type ValuesOf } from './setting.ts';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export const API_SETTINGS = {
  port: setting(whole(0, 65_535), {
    env: 'HOLDFAST_PORT',
    default: 8080,
    description: 'Port to listen on; 0 lets the kernel choose.',
  }),
  bind: setting(text(), {
    env: 'HOLDFAST_BIND',
    default: '127.0.0.1',
    description: 'Address to listen on; 0.0.0.0 or :: for all.',
  }),
  dataDirectory: settingOf(path, {
    env: 'HOLDFAST_DATA',
    default: () => resolve('.holdfast'),
    defaultText: './.holdfast',
    description: 'Where the first admin token and, without a database URL, a Postgres of its own are kept.',
  }),
  databaseUrl: setting(text(/^postgres(ql)?:\/\//, 'a URL that begins with postgres://'), {
    env: 'DATABASE_URL',
    default: null,
    defaultText: 'a Postgres of its own',
    secret: true,
    description: 'The Postgres to use; all replicas share one.',
  }),
  leaseSeconds: setting(whole(2, 3_600, 'seconds'), {
    env: 'HOLDFAST_LEASE_SECONDS',
    default: 30,
    description: "How long a host's heartbeat speaks for it; then its VMs are unknown.",
  }),
  heartbeatSeconds: setting(whole(1, 600, 'seconds'), {
    env: 'HOLDFAST_HEARTBEAT_SECONDS',
    default: 5,
    description: 'How often hosts are told to send a heartbeat; at most half the lease.',
  }),
  metricsPort: setting(whole(0, 65_535), {
    env: 'HOLDFAST_METRICS_PORT',
    default: null,
    defaultText: 'no such port',
    description: 'Port for /metrics, /healthz and /readyz without a token, besides the main one.',
  }),
  metricsBind: setting(text(), {
    env: 'HOLDFAST_METRICS_BIND',
    default: '127.0.0.1',
    description: 'Address of that port; one that only monitoring reaches.',
  }),
  requestsPerMinute: setting(whole(0, 10_000_000), {
    env: 'HOLDFAST_REQUESTS_PER_MINUTE',
    default: 60_000,
    description: 'What one token may ask of one replica in a minute; beyond it 429. 0: no limit.',
  }),
  mostDelayMs: setting(whole(0, 60_000, 'milliseconds'), {
    env: 'HOLDFAST_MOST_DELAY_MS',
    default: 2_000,
    description:
      'How far the process may fall behind before it answers new requests 503. 0: as far as it likes.',
  }),
  trustedProxies: settingOf(addresses, {
    env: 'HOLDFAST_TRUSTED_PROXIES',
    default: () => [],
    defaultText: '',
    description:
      'Addresses or ranges of the proxies in front, with commas between, whose X-Forwarded-For is believed.',
  }),
  tlsCertFile: setting(path, {
    env: 'HOLDFAST_TLS_CERT_FILE',
    default: null,
    description:
      'PEM certificate chain to serve TLS with; changed files are taken up at once at SIGHUP, else in seconds.',
  }),
  tlsKeyFile: setting(path, {
    env: 'HOLDFAST_TLS_KEY_FILE',
    default: null,
    description: 'Its private key.',
  }),
  tlsClientCaFile: setting(path, {
    env: 'HOLDFAST_TLS_CLIENT_CA_FILE',
    default: null,
    description:
      "PEM authority of agents' certificates; with it, agents have to show one of their host's name.",
  }),
  oidcIssuer: setting(text(/^https?:\/\/[^\s?#]+$/, 'a URL without query'), {
    env: 'HOLDFAST_OIDC_ISSUER',
    default: null,
    description:
      'OpenID Connect issuer whose tokens are taken as bearer tokens, exactly as its tokens name it.',
  }),
  oidcAudience: setting(text(), {
    env: 'HOLDFAST_OIDC_AUDIENCE',
    default: null,
    description: 'The audience that its tokens must have.',
  }),
  oidcJwksUrl: setting(httpUrl, {
    env: 'HOLDFAST_OIDC_JWKS_URL',
    default: null,
    defaultText: "the issuer's discovery",
    description: 'Where its keys are.',
  }),
  oidcRoleClaim: setting(text(), {
    env: 'HOLDFAST_OIDC_ROLE_CLAIM',
    default: 'holdfast_role',
    description:
      'The claim that holds viewer, operator or admin, by itself or in a list; dots lead into objects.',
  }),
  oidcRolePrefix: setting(text(/^/, 'text'), {
    env: 'HOLDFAST_OIDC_ROLE_PREFIX',
    default: '',
    description: 'What stands before the name of the role there, such as holdfast-.',
  }),
  oidcScopeClaim: setting(text(), {
    env: 'HOLDFAST_OIDC_SCOPE_CLAIM',
    default: null,
    description: 'The claim that holds the labels of VMs a token reaches; without, it reaches all.',
  }),
  oidcClientId: setting(text(), {
    env: 'HOLDFAST_OIDC_CLIENT_ID',
    default: null,
    defaultText: 'the dashboard takes tokens only',
    description: 'The public client as which the dashboard signs in through the issuer.',
  }),
  oidcScopes: setting(text(), {
    env: 'HOLDFAST_OIDC_SCOPES',
    default: 'openid',
    description: 'What the dashboard asks the issuer for, with spaces between; openid is needed.',
  }),
  secretKeys: setting(keys, {
    env: 'HOLDFAST_SECRET_KEYS',
    default: [],
    defaultText: '',
    secret: true,
    description:
      'Keys of 32 bytes in base64 (`openssl rand -base64 32`), commas between, with which secrets of webhooks are sealed in Postgres: the first one seals, each of them opens.',
  }),
  logLevel: setting(choice(...LOG_LEVELS), {
    env: 'HOLDFAST_LOG_LEVEL',
    default: 'info',
    description: 'What is logged, and all that is worse.',
  }),
  webhookNetworks: setting(networks, {
    env: 'HOLDFAST_WEBHOOK_NETWORKS',
    default: [],
    description:
      'Networks, such as 10.0.0.0/8, that webhooks may be sent to besides public addresses, and by http.',
  }),
};

export type ApiSettings = ValuesOf<typeof API_SETTINGS>;

/** What is wrong between settings that are right one by one. */
export function apiProblems(settings: ApiSettings): string[] {
  const { leaseSeconds, heartbeatSeconds, tlsCertFile, tlsKeyFile, tlsClientCaFile } = settings;
  const { oidcIssuer, oidcAudience, oidcJwksUrl, oidcClientId, oidcScopes } = settings;
  const problems: string[] = [];
  if (leaseSeconds < 2 * heartbeatSeconds) {
    problems.push(
      `the lease (HOLDFAST_LEASE_SECONDS, ${leaseSeconds}) must be at least twice the heartbeat ` +
        `(HOLDFAST_HEARTBEAT_SECONDS, ${heartbeatSeconds}), or one late heartbeat loses a host`,
    );
  }
  if ((tlsCertFile === null) !== (tlsKeyFile === null)) {
    problems.push(
      'TLS takes both a certificate (HOLDFAST_TLS_CERT_FILE) and its key (HOLDFAST_TLS_KEY_FILE)',
    );
  }
  if (tlsClientCaFile !== null && tlsCertFile === null) {
    problems.push("agents' certificates (HOLDFAST_TLS_CLIENT_CA_FILE) take TLS (HOLDFAST_TLS_CERT_FILE)");
  }
  if ((oidcIssuer === null) !== (oidcAudience === null)) {
    problems.push('an issuer takes both HOLDFAST_OIDC_ISSUER and HOLDFAST_OIDC_AUDIENCE');
  }
  if (oidcClientId !== null && oidcIssuer === null) {
    problems.push('signing in as a client (HOLDFAST_OIDC_CLIENT_ID) takes an issuer (HOLDFAST_OIDC_ISSUER)');
  }
  if (!oidcScopes.split(' ').includes('openid')) {
    problems.push('the scopes (HOLDFAST_OIDC_SCOPES) must have openid among them');
  }
  for (const [name, url] of Object.entries({ oidcIssuer, oidcJwksUrl })) {
    if (url === null || URL.parse(url)?.protocol === 'https:' || isLoopback(url)) continue;
    problems.push(`${name} must be https: whoever can change its keys on the way can be anybody`);
  }
  return problems;
}

function isLoopback(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(URL.parse(url)?.hostname ?? '');
}
