/** Examples written by hand, where made-up values (sample.ts) would contradict each other or say little. */

import type { Event } from '../schemas/event.ts';
import type { Host } from '../schemas/host.ts';
import type { Image } from '../schemas/image.ts';
import type { Operation } from '../schemas/operation.ts';
import type { Vm } from '../schemas/vm.ts';
import type { Webhook, WebhookDelivery } from '../schemas/webhook.ts';

const VM = '01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11';
const HOST = '01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01';
const IMAGE = '01987c3e-4f31-7d0a-b6c2-7a1e5d9c3f20';
const KERNEL = 'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const INITRAMFS = 'sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752';

const vm: Partial<Vm> = {
  disks: [{ name: 'root', sizeMiB: 512, readOnly: false }],
  nics: [{ name: 'eth0', mac: '02:1d:7c:3e:5a:10', network: 'default', address: '10.64.0.2' }],
  onGuest: { poweroff: 'stop', reset: 'restart', crash: 'stop' },
  snapshotId: null,
  hibernation: null,
  firmware: null,
  vsock: false,
  vsockCid: null,
};

const event: Partial<Event> = {
  kind: 'poweroff',
  initiator: 'guest',
  intentId: null,
  psci: { version: '1.1', function: 'SYSTEM_OFF', type: null, cookie: null },
  hibernation: 'no',
  kvm: { type: 1, data: ['0x0'] },
  pin: null,
};

const operation: Partial<Operation> = {
  id: '01987c3e-6a7b-7f02-a1d4-5c8e9b0f2d33',
  kind: 'start',
  status: 'succeeded',
};

const host: Partial<Host> = {
  id: HOST,
  name: 'rack1-07',
  labels: { zone: 'b' },
  psci: { accepted: ['0.2', '1.0', '1.1', '1.2', '1.3'], default: '1.3' },
  capacity: { vcpus: 64, memoryMiB: 262_144 },
  allocated: { vcpus: 24, memoryMiB: 98_304 },
  vms: 12,
};

const image: Partial<Image> = { id: IMAGE, name: 'debian-13', kernel: KERNEL, initramfs: INITRAMFS };

const webhook: Partial<Webhook> = {
  id: '01987c3e-8f10-7b88-a654-8f9a0b1c2d88',
  kinds: ['poweroff', 'hibernate', 'crash'],
  labels: { team: 'a' },
  enabled: true,
  disabledReason: null,
  previousSecretExpiresAt: null,
  failingSince: null,
  deliveries: { waiting: 0, dead: 0 },
};

const delivery: Partial<WebhookDelivery> = {
  id: '01987c3e-8f22-7c99-b765-9a0b1c2d3e99',
  webhookId: '01987c3e-8f10-7b88-a654-8f9a0b1c2d88',
  type: 'vm.poweroff',
  status: 'delivered',
  attempts: 1,
  nextAttemptAt: null,
  lastAttempt: { at: '2026-03-01T09:31:12.500Z', milliseconds: 84, status: 204, body: '', error: null },
};

/** Of named schemas; laid over what is made up for the rest of their members. */
export const COMPONENTS: Readonly<Record<string, object>> = {
  Vm: vm,
  Event: event,
  Operation: operation,
  Host: host,
  Image: image,
  Network: { name: 'backend' },
  PsciPolicy: { name: 'team-a-holds-1.1', version: '1.1' },
  Rollout: { name: 'team-a-to-1.3', status: 'running', soakUntil: null },
  Snapshot: { name: 'before-upgrade' },
  Token: { name: 'ci' },
  CreatedToken: { name: 'ci', lastUsedAt: null },
  Webhook: webhook,
  WebhookDelivery: delivery,
  WebhookWithSecret: webhook,
};

/** Bodies of requests, by operationId, as they are. */
export const REQUESTS: Readonly<Record<string, unknown>> = {
  createVm: {
    name: 'web-1',
    labels: { team: 'a' },
    vcpus: 2,
    memoryMiB: 256,
    imageId: IMAGE,
    disks: [{ name: 'root', sizeMiB: 512, readOnly: false }],
    nics: [{ name: 'eth0' }],
    psci: { policy: 'pinned', version: '1.1' },
    onGuest: { poweroff: 'stop', reset: 'restart', crash: 'stop' },
    hostSelector: { zone: 'b' },
    powerState: 'running',
  },
  updateVm: { labels: { team: 'b', stage: null }, memoryMiB: 512 },
  updateHost: { labels: { zone: 'b' } },
  updateNetwork: { labels: { team: 'a' } },
  createImage: {
    name: 'debian-13',
    kernel: KERNEL,
    initramfs: INITRAMFS,
    cmdline: 'console=ttyS0 root=/dev/vda',
  },
  createNetwork: { name: 'backend', cidr: '10.64.0.0/24', outside: false },
  createPsciPolicy: {
    name: 'team-a-holds-1.1',
    selector: { team: 'a' },
    version: '1.1',
    priority: 10,
    enforcement: 'enforce',
  },
  updatePsciPolicy: { version: '1.3' },
  createPreflight: { hostId: HOST, target: { version: '1.1' } },
  createRollout: {
    name: 'team-a-to-1.3',
    selector: { team: 'a' },
    to: { version: '1.3' },
    waves: [{ count: 1, soakSeconds: 600 }, { percent: 25 }, { percent: 100 }],
    maxUnavailable: 2,
    failureThreshold: 1,
  },
  beginMaintenance: { target: { version: '1.1' }, action: 'hibernate' },
  drainHost: { action: 'stop', timeoutSeconds: 120 },
  createToken: { name: 'ci', role: 'operator', expiresAt: '2027-03-01T09:30:00.000Z' },
  startVm: {},
  stopVm: { timeoutSeconds: 60, force: false },
  hibernateVm: { timeoutSeconds: 300 },
  migrateVm: { hostId: HOST },
  createSnapshot: { name: 'before-upgrade' },
  createWebhook: {
    url: 'https://hooks.example.com/holdfast',
    kinds: ['poweroff', 'hibernate', 'crash'],
    labels: { team: 'a' },
  },
  updateWebhook: { kinds: [], labels: { team: null } },
  createEnrolmentToken: { labels: { zone: 'b' }, expiresInSeconds: 3_600 },
};

/** Answers that are text, by their operation or else by their type. */
export const TEXTS: Readonly<Record<string, string>> = {
  'text/event-stream': `retry: 2000\n\nid: 1042-7\ndata: {"id":"01987c3e-7d20-7a77-b543-7f8a9b0c1d77","vmId":"${VM}","kind":"poweroff"}\n\n`,
  getMetrics:
    '# HELP holdfast_vms VMs, by phase and by the PSCI version they are pinned to.\n# TYPE holdfast_vms gauge\n' +
    'holdfast_vms{phase="running",psci_version="1.1"} 12\n',
  'text/plain': '[    0.000000] Booting Linux on physical CPU 0x0000000000\n',
};
