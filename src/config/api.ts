/** The settings of `holdfast api`. A new one is a member here, and nothing else: file, check and documentation follow. */
import { resolve } from 'node:path';
import { choice, networks, path, text, whole } from './kinds.ts';
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
export function apiProblems({ leaseSeconds, heartbeatSeconds }: ApiSettings): string[] {
  if (leaseSeconds >= 2 * heartbeatSeconds) return [];
  return [
    `the lease (HOLDFAST_LEASE_SECONDS, ${leaseSeconds}) must be at least twice the heartbeat ` +
      `(HOLDFAST_HEARTBEAT_SECONDS, ${heartbeatSeconds}), or one late heartbeat loses a host`,
  ];
}
