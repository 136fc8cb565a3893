/**
 * The agent: it enrols, renews its lease, hears what to run, supervises a worker for each VM, and delivers what happened.
 * Everything it knows is in its state directory and in its workers; it can be killed, upgraded and started again at any
 * time, and finds all of it again.
 *
 *   assignments ─▶ Supervisor ─▶ Vm (reconcile) ─▶ Run ─▶ worker        HostNetworks: bridges, taps, rules, DHCP
 *   journals ─▶ Delivery ─▶ API        consoles ─▶ Consoles ─▶ API        API ─▶ ConsoleInputs ─▶ worker
 *   saved guests ─▶ Snapshots ─▶ API        KVM's answers ─▶ FingerprintTeller ─▶ API
 *
 * SIGTERM and SIGINT end the agent and leave the workers: each is a session of its own. (Under systemd the unit needs
 * KillMode=process, or the stop of the unit ends every process in its control group.)
 */
import { type Logger, pino } from 'pino';
import type { KeptRunFile } from '../worker/protocol.ts';
import { Assignments } from './assignments.ts';
import { trimBlobs } from './blob-cache.ts';
import { Blobs } from './blobs.ts';
import { ApiClient, type Fetch } from './client.ts';
import type { AgentConfig } from './config.ts';
import { Consoles } from './console.ts';
import { trimConsoles } from './console-trim.ts';
import { Counters } from './counters.ts';
import { rotateOnce } from './credential.ts';
import { Delivery } from './delivery.ts';
import { enrol } from './enrol.ts';
import { hostFacts } from './facts.ts';
import { FingerprintTeller } from './fingerprint.ts';
import { heartbeat } from './heartbeat.ts';
import { ConsoleInputs } from './input.ts';
import { lockState } from './lock.ts';
import { forever } from './loop.ts';
import { HostNetworks } from './network/host-networks.ts';
import { NotAHostError, probeHost } from './probe.ts';
import { Snapshots } from './snapshots.ts';
import { Spares } from './spares.ts';
import type { WorkerCommand, WorkerSource } from './spawn.ts';
import { makeDirectory, Store } from './store.ts';
import { Supervisor } from './supervisor.ts';

/** Bytes of log that wait for room. */
const MOST_UNWRITTEN_LOG = 256 * 1024;
const TRIM_BLOBS_MS = 3600_000;
const TRIM_CONSOLES_MS = 60_000;

/**
 * `command` starts workers of this agent's version.
 * @returns the process's exit code. @throws ConfigError, NotAHostError
 */
export async function serve(config: AgentConfig, command: WorkerCommand): Promise<number> {
  const log = pino({ level: config.logLevel, base: { process: 'agent', host: config.name } }, logOutput());
  const psci = probeHost();
  makeDirectory(config.state);
  const lock = await lockState(config.state);
  if (lock === null) throw new NotAHostError(`another agent runs on ${config.state}: end it first`);
  const store = new Store(config.state);
  store.open();
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  const facts = () => hostFacts(psci, config);
  log.info({ api: config.api, state: config.state, ...facts() }, 'agent starts');
  const http = await httpOf(config);
  const membership = await enrol(store, { ...config, facts: facts(), http }, log, stop.signal);
  if (membership !== null) {
    const client = new ApiClient(config.api, membership.credential, http);
    const spares = new Spares({ command, directory: store.sparesDir, count: config.spareWorkers, log });
    const fingerprint = new FingerprintTeller({ client, store, command, facts, log });
    const days = config.rotateCredentialDays;
    const rotate = (ended: AbortSignal) => rotateOnce(client, store, days, log, ended);
    await Promise.all([
      run(client, store, facts, { command, spares }, log, stop.signal, fingerprint),
      ...(days === 0 ? [] : [forever('credential', rotate, log, stop.signal)]),
    ]);
    spares.close();
  }
  log.info('agent ends; workers go on');
  lock.close();
  return 0;
}

/** Loaded only where it is configured; undefined: Node's own. */
async function httpOf(config: AgentConfig): Promise<Fetch | undefined> {
  const { tlsCertFile: certFile, tlsKeyFile: keyFile, tlsCaFile: caFile } = config;
  if (certFile === null && caFile === null) return undefined;
  return (await import('./tls-fetch.ts')).tlsFetch({ certFile, keyFile, caFile });
}

/** Standard output. Where it is a file on a full disk, lines are lost and the agent goes on. */
function logOutput() {
  const output = pino.destination({ fd: process.stdout.fd, sync: true, maxLength: MOST_UNWRITTEN_LOG });
  output.on('error', () => undefined);
  return output;
}

/**
 * The agent proper; resolves when the signal is raised and every loop has ended. Without `fingerprint` the host tells
 * none.
 */
export async function run(
  client: ApiClient,
  store: Store,
  facts: () => ReturnType<typeof hostFacts>,
  workers: WorkerSource,
  log: Logger,
  signal: AbortSignal,
  fingerprint: FingerprintTeller | null = null,
): Promise<void> {
  const delivery = new Delivery(
    client,
    () => supervisor.runs(),
    (vmId) => {
      supervisor.wake(vmId);
      snapshots.wake();
    },
    log,
  );
  const networks = new HostNetworks({
    state: store.root,
    runs: () => runsWithNics(supervisor),
    complete: () => supervisor.readsAll,
    log,
  });
  const counters = new Counters(store.root, () => supervisor.runs());
  const supervisor = new Supervisor({
    store,
    blobs: new Blobs(store, client, signal),
    client,
    networks,
    workers,
    log,
    signal,
    onUndelivered: () => delivery.wake(),
    report: (report) => delivery.report(report),
    onWorker: (what) => counters.count(what),
  });
  const assignments = new Assignments(client, supervisor);
  const inputs = new ConsoleInputs(client, store, supervisor, log);
  const consoles = new Consoles(
    client,
    () => supervisor.runs(),
    (vmId) => supervisor.wake(vmId),
    log,
    signal,
  );
  const snapshots = new Snapshots(
    client,
    () => supervisor.runs(),
    (vmId) => supervisor.wake(vmId),
    log,
  );
  supervisor.start();
  networks.start();
  consoles.start();
  const chores = [
    every(TRIM_BLOBS_MS, log, async () => void trimBlobs(store, supervisor.runs())),
    every(TRIM_CONSOLES_MS, log, async () => {
      for (const { dir } of supervisor.runs()) await trimConsoles(dir);
    }),
  ];
  const beating = Promise.withResolvers<void>();
  const beat = async (ended: AbortSignal): Promise<void> => {
    await heartbeat(client, facts, supervisor, ended, () => counters.read());
    beating.resolve();
  };
  const tellFingerprint = async (ended: AbortSignal): Promise<void> => {
    await beating.promise;
    await fingerprint?.once(ended);
  };
  await Promise.all([
    forever('heartbeat', beat, log, signal).finally(beating.resolve),
    ...(fingerprint === null ? [] : [forever('fingerprint', tellFingerprint, log, signal)]),
    forever('assignments', async (ended) => await assignments.once(ended), log, signal),
    forever('delivery', async (ended) => await delivery.once(ended), log, signal),
    forever('snapshots', async (ended) => await snapshots.once(ended), log, signal),
    forever('console-input', async (ended) => await inputs.once(ended), log, signal),
  ]);
  for (const chore of chores) clearInterval(chore);
  await supervisor.close();
  await networks.close();
}

function runsWithNics(supervisor: Supervisor): KeptRunFile[] {
  return supervisor
    .runs()
    .filter((run) => run.file.run.nics.length > 0 && run.holdsDevices)
    .map(({ file }) => file);
}

/** A chore that is not urgent: a failure is logged and it is done again in its time. */
function every(ms: number, log: Logger, chore: () => Promise<void>): NodeJS.Timeout {
  return setInterval(() => {
    chore().catch((error: unknown) => log.warn({ err: error }, 'could not clean up'));
  }, ms);
}
