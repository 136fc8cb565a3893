/**
 * What agent and worker say to each other: the run file, and lines of JSON over the worker's Unix socket.
 *
 *   both ways, first   {"hello":{"protocol":1,"version":"0.1.0"}}
 *   agent → worker     {"id":7,"method":"status","params":{}}
 *   worker → agent     {"id":7,"result":{…}}  or  {"id":7,"error":{"code":"RUN_ENDED","detail":"…"}}
 *   worker → agent     {"notify":"journal","sequence":3}   the journal has something new; read the file
 *                      {"notify":"state","status":{…}}
 *
 * Methods: `status`; `request`, idempotent by (intentId, kind), answered once it is journalled; `input`, bytes for the
 * guest's console. An answer says that the request was taken; what came of it is an event.
 *
 * A worker outlives agents of several versions. Within one protocol number, members may be added and receivers pass
 * over those they do not know; anything else takes a new number, and a receiver refuses a number it does not speak. The
 * number is also in run.json and in the worker's claim, so an agent knows it before it connects: a worker of another
 * number is left to run, its journal and its console are read on, and an operator's kill still ends it (agent/run.ts).
 */
import { PSCI_VERSIONS, type PsciVersion } from '../psci/versions.ts';
import type { AssignedNic, RunSpec } from '../wire/agent.ts';
import { firmwareAbi } from '../wire/firmware.ts';
import {
  closed,
  flag,
  integer,
  list,
  nullable,
  oneOf,
  open,
  orAbsent,
  type Shape,
  type Shaped,
  ShapeError,
  text,
  uuid,
} from '../wire/shape.ts';
import { REQUEST_KINDS } from './records.ts';

export const PROTOCOL = 1;
/**
 * How long a worker gives its machine to close, which may come after its last record. One that takes longer hangs in
 * the kernel or in the process; ending the process ends it. Closing writes the guest's disks out, which takes its time
 * where the guest had written much.
 */
export const CLOSE_MS = 300_000;
/** Bytes of one line, console input included; a longer one ends the connection. */
const MAX_LINE = 256 * 1024;

/** @throws ShapeError */
export const digest: Shape<string> = (value, at) => {
  if (typeof value !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(value)) {
    throw new ShapeError(at, '"sha256:" and 64 hex digits');
  }
  return value;
};

const mac: Shape<string> = (value, at) => {
  if (typeof value !== 'string' || !/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(value)) {
    throw new ShapeError(at, 'six bytes in lower case with colons');
  }
  return value;
};

const nic: Shape<AssignedNic> = open({
  name: text,
  mac,
  network: open({ id: uuid, name: text, cidr: text, outside: flag }),
  address: text,
});

/** Members this version does not know are passed over: a newer API may say more. */
export const runSpec: Shape<RunSpec> = open({
  vmId: uuid,
  runId: uuid,
  operationId: uuid,
  name: text,
  vcpus: integer(1),
  memoryMiB: integer(1),
  kernel: digest,
  initramfs: nullable(digest),
  cmdline: text,
  disks: list(open({ name: text, sizeMiB: integer(1), readOnly: flag })),
  nics: orAbsent(list(nic), []),
  vsockCid: orAbsent(nullable(integer(3)), null),
  psci: oneOf(...PSCI_VERSIONS),
  systemSuspend: orAbsent(flag, false),
  firmware: orAbsent(nullable(firmwareAbi), null),
  allowMissingRegisters: orAbsent(flag, false),
  requireIdRegisters: orAbsent(flag, false),
  onGuest: open({
    poweroff: oneOf('stop', 'restart'),
    reset: oneOf('restart', 'stop'),
    crash: oneOf('stop', 'restart'),
  }),
  restore: orAbsent(nullable(open({ snapshot: digest, skipAbsentRegisters: flag }, { once: flag })), null),
});

/**
 * `run.json`, as the worker takes it: with anything in it that this version does not know, the guest would not be the
 * one that was asked for. Paths are absolute. @throws ShapeError
 */
export const runFile = closed({
  protocol: oneOf(PROTOCOL),
  run: runSpec,
  kernelPath: text,
  initramfsPath: nullable(text),
  disks: list(closed({ name: text, path: text, readOnly: flag })),
  /** `tap`: the interface that the agent made for it. */
  nics: orAbsent(list(closed({ name: text, mac, tap: text })), []),
  /** The file of the run's snapshot. */
  restorePath: orAbsent(nullable(text), null),
});
export type RunFile = Readonly<Shaped<typeof runFile>>;

/** The same, as an agent reads what another version may have written. @throws ShapeError */
export const keptRunFile = open({
  protocol: integer(1),
  run: runSpec,
  kernelPath: text,
  initramfsPath: nullable(text),
  restorePath: orAbsent(nullable(text), null),
  nics: orAbsent(list(open({ name: text, tap: text })), []),
});
export type KeptRunFile = Readonly<Shaped<typeof keptRunFile>>;

export type Phase =
  | 'created'
  | 'starting'
  | 'running'
  | 'paused'
  | 'resetting'
  | 'stopping'
  | 'ended'
  | 'failed';

/** For people and tests; an agent goes by the journal. */
export interface Status {
  readonly phase: Phase;
  readonly bootId: string;
  readonly psci: PsciVersion;
  /** The newest event in the journal; 0 before the first. */
  readonly sequence: number;
}

const request = open({
  /** Null when the host itself asks. */
  intentId: nullable(uuid),
  kind: oneOf(...REQUEST_KINDS),
  /** How long the guest has to answer a `stop` or `hibernate`, in seconds. */
  timeoutSeconds: nullable(integer(1)),
  /** For the `killed` event of a request without an intent. */
  reason: nullable(text),
});
export type WorkerRequest = Readonly<Shaped<typeof request>>;

const input = open({ data: text });

export type Call =
  | { readonly id: number; readonly method: 'status' }
  | { readonly id: number; readonly method: 'request'; readonly params: WorkerRequest }
  | { readonly id: number; readonly method: 'input'; readonly params: Shaped<typeof input> };

/** What an agent may send after its hello. @throws ShapeError */
export const call: Shape<Call> = (value, at) => {
  const { id, method } = open({ id: integer(), method: oneOf('status', 'request', 'input') })(value, at);
  if (method === 'status') return { id, method };
  if (method === 'request') return { id, method, ...open({ params: request })(value, at) };
  return { id, method, ...open({ params: input })(value, at) };
};

const hello = open({ hello: open({ protocol: integer(1), version: text }) });
export type Hello = Shaped<typeof hello>;
export { hello };

const failure = open({ code: text, detail: text });
export type CallFailure = Readonly<Shaped<typeof failure>>;

export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: CallFailure };
export type Notification =
  | { readonly notify: 'journal'; readonly sequence: number }
  | { readonly notify: 'state'; readonly status: Status };

/** What a worker may send after its hello; a notification, of whatever kind, says only that there is something to see. */
export const fromWorker: Shape<Answer | 'news'> = (value, at) => {
  const seen = typeof value === 'object' && value !== null ? value : {};
  if ('notify' in seen) return 'news';
  const { id } = open({ id: integer() })(value, at);
  if ('error' in seen) return { id, error: failure(seen.error, `${at}/error`) };
  return { id, result: 'result' in seen ? seen.result : null };
};

/** Splits a byte stream into lines. @throws Error when a line grows beyond MAX_LINE */
export class LineSplitter {
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a)) {
      assertShort(end);
      lines.push(bytes.toString('utf8', 0, end));
      bytes = bytes.subarray(end + 1);
    }
    assertShort(bytes.length);
    this.#rest = bytes;
    return lines;
  }
}

function assertShort(length: number): void {
  if (length > MAX_LINE) throw new Error(`a line is longer than ${MAX_LINE} bytes`);
}
