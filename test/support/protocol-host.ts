/**
 * A host's side of the agent protocol, spoken over HTTP by a test that decides what its guests do. No guest runs: what
 * is tested is what the API makes of what a host says.
 */
import { createHash, randomBytes } from 'node:crypto';
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import type {
  Assignment,
  AssignmentsResponse,
  HostFacts,
  RunRequest,
  RunSpec,
} from '../../src/wire/agent.ts';
import type { EventRecord } from '../../src/wire/event.ts';
import type { Answer, RequestOptions, TestApi } from './api.ts';
import { arm64Image, digestOf } from './kernels.ts';

export interface HostOptions {
  name?: string;
  labels?: Record<string, string>;
  psci?: HostFacts['psci'];
  capacity?: HostFacts['capacity'];
  movesDisks?: boolean;
}

/** What a request needs of the API: two replicas on one database are two of these. */
export type Endpoint = Pick<TestApi, 'request'>;

export class ProtocolHost {
  readonly id: string;
  readonly name: string;
  readonly credential: string;
  readonly facts: HostFacts;
  endpoint: Endpoint;

  static async enrol(api: Endpoint, options: HostOptions = {}): Promise<ProtocolHost> {
    const name = options.name ?? `host-${uuidv7().slice(-8)}`;
    const credential = randomBytes(32).toString('base64url');
    const facts = {
      agentVersion: '0.1.0',
      kernel: '6.12.9-arm64',
      bootId: uuidv4(),
      psci: options.psci ?? { accepted: ['0.2', '1.0', '1.1'], default: '1.1' },
      capacity: options.capacity ?? { vcpus: 64, memoryMiB: 65_536 },
      simulated: false,
      ...(options.movesDisks === undefined ? {} : { movesDisks: options.movesDisks }),
    } satisfies HostFacts;
    const { body: permission } = await api.request('POST', '/v1/enrolment-tokens', { body: {} });
    const { status, body } = await api.request('POST', '/agent/v1/enrol', {
      token: null,
      body: {
        enrolmentToken: permission.token,
        name,
        labels: options.labels ?? {},
        credentialHash: createHash('sha256').update(credential).digest('hex'),
        facts,
      },
    });
    if (status !== 200) throw new Error(`enrolment answered ${status} ${JSON.stringify(body)}`);
    return new ProtocolHost(api, body.hostId, name, credential, facts);
  }

  constructor(endpoint: Endpoint, id: string, name: string, credential: string, facts: HostFacts) {
    this.endpoint = endpoint;
    this.id = id;
    this.name = name;
    this.credential = credential;
    this.facts = facts;
  }

  request(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    return this.endpoint.request(method, path, { token: this.credential, ...options });
  }

  async heartbeat(vms: { vmId: string; runId: string | null; observedGeneration: number }[] = []) {
    return this.request('POST', '/agent/v1/heartbeat', { body: { facts: this.facts, vms } });
  }

  async assignments(query = ''): Promise<AssignmentsResponse> {
    const { status, body } = await this.request('GET', `/agent/v1/assignments${query}`);
    if (status !== 200) throw new Error(`assignments answered ${status} ${JSON.stringify(body)}`);
    return body as AssignmentsResponse;
  }

  async assignment(vmId: string): Promise<Assignment> {
    const found = (await this.assignments()).vms.find((assignment) => assignment.vmId === vmId);
    if (found === undefined) throw new Error(`VM ${vmId} is not assigned to ${this.name}`);
    return found;
  }

  async deliver(...events: unknown[]): Promise<Answer> {
    return this.request('POST', '/agent/v1/events', { body: { events } });
  }

  async report(operationId: string, status: 'running' | 'succeeded' | 'failed', error: object | null = null) {
    return this.request('POST', '/agent/v1/reports', { body: { reports: [{ operationId, status, error }] } });
  }

  /** Fetches the run of a VM that was started. */
  async run(vmId: string): Promise<Run> {
    const { run } = await this.assignment(vmId);
    if (run === null) throw new Error(`VM ${vmId} has no run`);
    return new Run(this, run);
  }
}

/** A run as a worker would write its journal. */
export class Run {
  readonly host: ProtocolHost;
  readonly spec: RunSpec;
  bootId = uuidv7();
  sequence = 0;

  constructor(host: ProtocolHost, spec: RunSpec) {
    this.host = host;
    this.spec = spec;
  }

  /** The next record of the journal; it is not delivered. */
  record(kind: EventRecord['kind'], fields: Partial<EventRecord> = {}): EventRecord {
    this.sequence += 1;
    return {
      vmId: this.spec.vmId,
      runId: this.spec.runId,
      bootId: this.bootId,
      sequence: this.sequence,
      kind,
      intentIds: [],
      psci: null,
      kvm: null,
      reason: null,
      observedAt: new Date().toISOString(),
      final: false,
      ...fields,
    };
  }

  started(): EventRecord {
    return this.record('started', {
      psci: { version: this.spec.psci, function: null, type: null, cookie: null },
    });
  }

  poweroff(intentIds: string[] = []): EventRecord {
    return this.record('poweroff', {
      intentIds,
      psci: { version: this.spec.psci, function: 'SYSTEM_OFF', type: null, cookie: null },
      kvm: { type: 1, data: ['0x0'] },
      final: true,
    });
  }

  hibernate(intentIds: string[] = []): EventRecord {
    return this.record('hibernate', {
      intentIds,
      psci: { version: this.spec.psci, function: 'SYSTEM_OFF2', type: 0, cookie: 0 },
      kvm: { type: 1, data: ['0x1'] },
      final: true,
    });
  }

  /** Delivers one record and returns the answer. */
  async tell(record: EventRecord): Promise<Answer> {
    return this.host.deliver(record);
  }

  /** The open request of the VM, as the agent is told of it. */
  async openRequest(): Promise<RunRequest> {
    const { requests } = await this.host.assignment(this.spec.vmId);
    const [request] = requests;
    if (request === undefined) throw new Error(`VM ${this.spec.vmId} has no open request`);
    return request;
  }
}

/** An image whose kernel says that it is of `version`. Returns its id. */
export async function makeImage(
  api: Endpoint,
  version = '6.1.0',
  name = `image-${uuidv7()}`,
): Promise<string> {
  const kernel = arm64Image(`Linux version ${version} (build@host) #1 SMP ${uuidv4()}\n`);
  const digest = digestOf(kernel);
  await api.request('PUT', `/v1/blobs/${digest}`, { body: kernel });
  const { status, body } = await api.request('POST', '/v1/images', {
    body: { name, kernel: digest, initramfs: null, cmdline: 'console=ttyS0' },
  });
  if (status !== 201) throw new Error(`the image was refused: ${JSON.stringify(body)}`);
  return body.id;
}

let made = 0;

/** A body for POST /v1/vms. */
export function vmBody(imageId: string, fields: object = {}): Record<string, unknown> {
  made += 1;
  return { name: `vm-${process.pid}-${made}`, vcpus: 1, memoryMiB: 128, imageId, ...fields };
}

export async function makeVm(api: Endpoint, imageId: string, fields: object = {}) {
  const { status, body } = await api.request('POST', '/v1/vms', { body: vmBody(imageId, fields) });
  if (status !== 201) throw new Error(`the VM was refused: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** Starts a VM and delivers its `started`. */
export async function startVm(api: Endpoint, host: ProtocolHost, vmId: string): Promise<Run> {
  const { status, body } = await api.request('POST', `/v1/vms/${vmId}/start`, { body: {} });
  if (status !== 202) throw new Error(`the start was refused: ${status} ${JSON.stringify(body)}`);
  const run = await host.run(vmId);
  await run.tell(run.started());
  return run;
}
