/**
 * An operator's hands, for the demo and the tests on real hosts: each method does one thing through the public API
 * and waits until it is seen to have happened.
 */
import { createHash } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, createClient, type Schemas, unwrap, waitForOperation } from '../client/client.ts';
import { typeInto } from './console-input.ts';

export type Vm = Schemas['Vm'];
export type Host = Schemas['Host'];
export type Operation = Schemas['Operation'];
export type VmEvent = Schemas['Event'];
export type Image = Schemas['Image'];
export type NewVm = Schemas['NewVm'];
export type VmPatch = Schemas['VmPatch'];
export type Action = 'start' | 'stop' | 'kill' | 'pause' | 'resume' | 'reset' | 'hibernate';

export interface ImageFiles {
  readonly name: string;
  readonly kernelPath: string;
  readonly initramfsPath: string | null;
  readonly cmdline: string;
}

/** Emulated hosts are slow: what takes a second on hardware may take half a minute, and several on a busy machine. */
const PATIENCE_MS = 240_000;
const LOOK_AGAIN_MS = 250;
/** Characters of a console that a failure shows. */
const CONSOLE_END = 1500;

export class Operator {
  readonly url: string;
  readonly client: Client;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.url = url;
    this.#token = token;
    this.client = createClient({ baseUrl: url, token });
  }

  async enrolmentToken(): Promise<string> {
    return unwrap(await this.client.POST('/v1/enrolment-tokens', { body: {} })).token;
  }

  /** The host of that name, once its lease is active. */
  async activeHost(name: string): Promise<Host> {
    return await until(`host ${name} to hold a lease`, async () => {
      const { items } = unwrap(await this.client.GET('/v1/hosts', { params: { query: { limit: 200 } } }));
      return items.find((host) => host.name === name && host.lease.state === 'active');
    });
  }

  /** The image made of exactly these files: the one that is there, or a new one. */
  async ensureImage(files: ImageFiles): Promise<Image> {
    const { name, cmdline } = files;
    const kernel = await this.upload(files.kernelPath);
    const initramfs = files.initramfsPath === null ? null : await this.upload(files.initramfsPath);
    const { items } = unwrap(await this.client.GET('/v1/images', { params: { query: { limit: 200 } } }));
    const same = items.find(
      (image) => image.kernel === kernel && image.initramfs === initramfs && image.cmdline === cmdline,
    );
    if (same !== undefined) return same;
    const taken = items.some((image) => image.name === name);
    const body = {
      name: taken ? `${name}-${(initramfs ?? kernel).slice(7, 15)}` : name,
      kernel,
      initramfs,
      cmdline,
    };
    return unwrap(await this.client.POST('/v1/images', { body }));
  }

  /** Puts a file's bytes into the blob store unless they are there. Gives their digest. */
  async upload(path: string): Promise<string> {
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    const digest = `sha256:${hash.digest('hex')}`;
    const url = `${this.url}/v1/blobs/${digest}`;
    const headers = { authorization: `Bearer ${this.#token}`, 'content-type': 'application/octet-stream' };
    if ((await fetch(url, { method: 'HEAD', headers })).ok) return digest;
    const answer = await fetch(url, { method: 'PUT', headers, body: await openAsBlob(path) });
    if (!answer.ok)
      throw new Error(`Uploading ${path} was answered with ${answer.status}: ${await answer.text()}`);
    return digest;
  }

  async host(hostId: string): Promise<Host> {
    return unwrap(await this.client.GET('/v1/hosts/{hostId}', { params: { path: { hostId } } }));
  }

  async createVm(body: NewVm): Promise<Vm> {
    return unwrap(await this.client.POST('/v1/vms', { body }));
  }

  async vm(vmId: string): Promise<Vm> {
    return unwrap(await this.client.GET('/v1/vms/{vmId}', { params: { path: { vmId } } }));
  }

  /** Changes what a VM is to be. @throws ProblemError when the API refuses */
  async patch(vmId: string, body: VmPatch): Promise<Vm> {
    const headers = { 'content-type': 'application/merge-patch+json' };
    return unwrap(await this.client.PATCH('/v1/vms/{vmId}', { params: { path: { vmId } }, body, headers }));
  }

  /** Ends a VM whatever it does, and deletes it. */
  async remove(vmId: string): Promise<void> {
    const params = { path: { vmId } };
    const { phase } = await this.vm(vmId);
    if (!['stopped', 'hibernated', 'failed'].includes(phase)) await this.act(vmId, 'kill');
    const operation = await this.ended(unwrap(await this.client.DELETE('/v1/vms/{vmId}', { params })));
    if (operation.status !== 'succeeded')
      throw new Error(`VM ${vmId} was not deleted: ${operation.error?.detail}`);
  }

  /** Asks and does not wait. @throws ProblemError when the API refuses */
  async ask(
    vmId: string,
    action: Action,
    body: { timeoutSeconds?: number; force?: boolean } = {},
  ): Promise<Operation> {
    const params = { path: { vmId } };
    if (action === 'stop') return unwrap(await this.client.POST('/v1/vms/{vmId}/stop', { params, body }));
    return unwrap(await this.client.POST(`/v1/vms/{vmId}/${action}`, { params, body: {} }));
  }

  /** Asks for a snapshot and does not wait. @throws ProblemError when the API refuses */
  async snapshot(vmId: string): Promise<Operation> {
    const params = { path: { vmId } };
    return unwrap(await this.client.POST('/v1/vms/{vmId}/snapshots', { params, body: {} }));
  }

  /** Has a VM moved to a host and does not wait. @throws ProblemError when the API refuses */
  async migrate(vmId: string, hostId: string): Promise<Operation> {
    const params = { path: { vmId } };
    return unwrap(await this.client.POST('/v1/vms/{vmId}/migrate', { params, body: { hostId } }));
  }

  /** Waits until an operation is over, however it ended. */
  async ended(operation: Operation): Promise<Operation> {
    const patience = AbortSignal.timeout(PATIENCE_MS);
    return await waitForOperation(this.client, operation.id, patience).catch((error: unknown) => {
      if (!patience.aborted) throw error;
      throw inVain(`the ${operation.kind} of VM ${operation.vmId} to end`, PATIENCE_MS);
    });
  }

  /** Asks, and waits until it is done. @throws Error when it failed */
  async act(
    vmId: string,
    action: Action,
    body: { timeoutSeconds?: number; force?: boolean } = {},
  ): Promise<Operation> {
    const operation = await this.ended(await this.ask(vmId, action, body));
    if (operation.status !== 'succeeded') {
      throw new Error(
        `The ${action} ${operation.status}: ${operation.error?.detail ?? 'no reason is given'}`,
      );
    }
    return operation;
  }

  async inPhase(vmId: string, phase: Vm['phase'], timeoutMs = PATIENCE_MS): Promise<Vm> {
    let last: Vm | undefined;
    return await until(
      async () =>
        `VM ${vmId} to be ${phase}; it is ${last?.phase} (${last?.reason ?? 'no reason'}), ` +
        `and its console ends with:\n${(await this.console(vmId)).slice(-CONSOLE_END)}`,
      async () => {
        last = await this.vm(vmId);
        return last.phase === phase ? last : undefined;
      },
      timeoutMs,
    );
  }

  /** Everything the serial console said in a boot, the current or last one if `bootId` is not given. */
  async console(vmId: string, bootId?: string): Promise<string> {
    const url = new URL(`/v1/vms/${vmId}/console`, this.url);
    if (bootId !== undefined) url.searchParams.set('bootId', bootId);
    const answer = await fetch(url, { headers: { authorization: `Bearer ${this.#token}` } });
    return answer.ok ? await answer.text() : '';
  }

  /** The first match in the current boot's console, behind `from` characters. */
  async consoleShows(
    vmId: string,
    pattern: RegExp,
    { from = 0, timeoutMs = PATIENCE_MS } = {},
  ): Promise<RegExpExecArray> {
    let text = '';
    return await until(
      () => `${pattern} on the console, which ends with:\n${text.slice(-CONSOLE_END)}`,
      async () => {
        text = await this.console(vmId);
        return pattern.exec(text.slice(from)) ?? undefined;
      },
      timeoutMs,
    );
  }

  /** Types into the console, as a person at a terminal would. */
  async type(vmId: string, text: string): Promise<void> {
    await typeInto(this.url, this.#token, vmId, text);
  }

  /** A command for the guest's shell and what it prints. */
  async shell(vmId: string, command: string, pattern: RegExp): Promise<RegExpExecArray> {
    const from = (await this.console(vmId)).length;
    await this.type(vmId, `${command}\n`);
    return await this.consoleShows(vmId, pattern, { from });
  }

  /** All events of a VM, oldest first. */
  async events(vmId: string): Promise<VmEvent[]> {
    const params = { path: { vmId }, query: { limit: 200 } };
    return unwrap(await this.client.GET('/v1/vms/{vmId}/events', { params })).items;
  }

  /** The fleet's events, oldest first. */
  async allEvents(): Promise<VmEvent[]> {
    return unwrap(await this.client.GET('/v1/events', { params: { query: { limit: 200 } } })).items;
  }

  /** The event that `wanted` describes, once it is recorded. */
  async event(vmId: string, what: string, wanted: (event: VmEvent) => boolean): Promise<VmEvent> {
    let seen: VmEvent[] = [];
    return await until(
      () =>
        `${what}; recorded are ${seen.map(({ kind, initiator }) => `${kind} by ${initiator}`).join(', ')}`,
      async () => {
        seen = await this.events(vmId);
        return seen.find(wanted);
      },
    );
  }
}

/** Looks until `look` gives something. @throws Error that says what was waited for */
export async function until<T>(
  what: string | (() => string | Promise<string>),
  look: () => Promise<T | undefined>,
  timeoutMs = PATIENCE_MS,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) {
      const description = typeof what === 'string' ? what : await what();
      throw inVain(description, timeoutMs);
    }
    await sleep(LOOK_AGAIN_MS);
  }
}

function inVain(description: string, timeoutMs: number): Error {
  return new Error(`Waited ${Math.round(timeoutMs / 1000)} s in vain for ${description}.`);
}
