/** The settings of `holdfast agent`. A new one is a member here, and nothing else: flags, file and documentation follow. */
import { hostname } from 'node:os';
import { LOG_LEVELS } from './api.ts';
import { choice, hostName, httpUrl, labels, path, positive, whole } from './kinds.ts';
import { required, setting, settingOf, type ValuesOf } from './setting.ts';

/** In MiB: 4 TiB. */
const MOST_MEMORY = 4 * 1024 * 1024;

export const AGENT_SETTINGS = {
  api: required(httpUrl, {
    flag: 'api',
    env: 'HOLDFAST_API',
    placeholder: 'URL',
    description: 'Where the API is, such as https://holdfast.example.',
  }),
  state: setting(path, {
    flag: 'state',
    env: 'HOLDFAST_STATE',
    placeholder: 'DIR',
    default: '/var/lib/holdfast',
    description: 'Where disks, images and journals are kept.',
  }),
  enrolmentTokenFile: setting(path, {
    flag: 'enrolment-token-file',
    env: 'HOLDFAST_ENROLMENT_TOKEN_FILE',
    placeholder: 'FILE',
    default: null,
    description:
      'A one-time token from POST /v1/enrolment-tokens, for the first start or after a revocation.',
  }),
  name: settingOf(hostName, {
    flag: 'name',
    env: 'HOLDFAST_NAME',
    placeholder: 'NAME',
    default: () => hostName.fromText(hostname().toLowerCase(), { base: '/' }),
    defaultText: "the machine's host name",
    description: "The host's name in the fleet (first start only).",
  }),
  labels: settingOf(labels, {
    flag: 'label',
    env: 'HOLDFAST_LABELS',
    placeholder: 'KEY=VALUE',
    default: () => ({}),
    defaultText: '',
    description: 'For hostSelector; the flag may be repeated (first start only).',
  }),
  vcpuOvercommit: setting(positive, {
    flag: 'vcpu-overcommit',
    env: 'HOLDFAST_VCPU_OVERCOMMIT',
    placeholder: 'N',
    default: 4,
    description: 'vCPUs offered for each CPU of this machine.',
  }),
  memoryReserveMiB: setting(whole(0, MOST_MEMORY, 'MiB'), {
    flag: 'memory-reserve-mib',
    env: 'HOLDFAST_MEMORY_RESERVE_MIB',
    placeholder: 'N',
    default: 512,
    description: 'Memory not offered to VMs, in MiB.',
  }),
  spareWorkers: setting(whole(0, 99), {
    flag: 'spare-workers',
    env: 'HOLDFAST_SPARE_WORKERS',
    placeholder: 'N',
    default: 1,
    description: 'Processes kept ready, each for the next VM to start.',
  }),
  rotateCredentialDays: setting(whole(0, 3_650, 'days'), {
    flag: 'rotate-credential-days',
    env: 'HOLDFAST_ROTATE_CREDENTIAL_DAYS',
    placeholder: 'N',
    default: 30,
    description: "After so many days the host's credential is changed for another; 0 keeps it.",
  }),
  tlsCertFile: setting(path, {
    flag: 'tls-cert-file',
    env: 'HOLDFAST_AGENT_TLS_CERT_FILE',
    placeholder: 'FILE',
    default: null,
    description: "PEM certificate of the host's name, for an API that asks its agents for one.",
  }),
  tlsKeyFile: setting(path, {
    flag: 'tls-key-file',
    env: 'HOLDFAST_AGENT_TLS_KEY_FILE',
    placeholder: 'FILE',
    default: null,
    description: 'Its private key.',
  }),
  tlsCaFile: setting(path, {
    flag: 'tls-ca-file',
    env: 'HOLDFAST_AGENT_TLS_CA_FILE',
    placeholder: 'FILE',
    default: null,
    description: "PEM authority of the API's certificate, where the machine does not trust it already.",
  }),
  logLevel: setting(choice(...LOG_LEVELS), {
    flag: 'log-level',
    env: 'HOLDFAST_LOG_LEVEL',
    placeholder: 'LEVEL',
    default: 'info',
    description: 'What is logged, and all that is worse.',
  }),
};

export type AgentSettings = ValuesOf<typeof AGENT_SETTINGS>;

/** What is wrong between settings that are right one by one. */
export function agentProblems({ api, tlsCertFile, tlsKeyFile, tlsCaFile }: AgentSettings): string[] {
  const problems: string[] = [];
  if ((tlsCertFile === null) !== (tlsKeyFile === null)) {
    problems.push('a certificate takes both --tls-cert-file and --tls-key-file');
  }
  if ((tlsCertFile !== null || tlsCaFile !== null) && !api.startsWith('https:')) {
    problems.push(`TLS files serve nothing at ${api}: its URL must begin with https:`);
  }
  return problems;
}
