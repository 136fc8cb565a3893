/**
 * `holdfast worker --run-dir DIR`: the process that owns one VM for one run.
 *
 *   1. read run.json, claim the directory (identity.ts); another worker there, or a journal with `started`: leave
 *   2. begin to make the machine and, while it is being made, listen on the socket
 *   3. lifecycle.ts does the rest; the process ends with the run
 *
 * Killed at any instruction, it leaves a journal that its agent can finish: before 1 nothing is claimed; from then on a
 * claim says which process to look for, and the journal says whether the guest ever ran. See lifecycle.ts.
 *
 * Exit codes: 0 the run ended and its final record is written; 1 the start failed and the journal says why; 2 the run
 * file cannot be used; 3 the directory belongs to another worker or its guest has run. After any other end, signals
 * included, the agent looks at the journal.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { createMachine } from '../machine/machine.ts';
import type { RestoreConfig } from '../machine/types.ts';
import { newBootId } from '../wire/boot-id.ts';
import { HOLDFAST_VERSION } from '../wire/version.ts';
import { consoleFile, JOURNAL_FILE, RUN_FILE, snapshotFile } from './files.ts';
import { claim } from './identity.ts';
import { JournalWriter } from './journal.ts';
import { Lifecycle } from './lifecycle.ts';
import { log } from './log.ts';
import { PROTOCOL, type RunFile, runFile } from './protocol.ts';
import { WorkerServer } from './server.ts';

const EXIT_BAD_RUN_FILE = 2;
const EXIT_NOT_OURS = 3;

/** What the worker runs guests with: the machine, unless a test brings its own. */
export interface MachineModule {
  readonly createMachine: typeof createMachine;
}

/**
 * Runs the guest of a run directory; resolves to the process's exit code. `loadMachine` is called only once the
 * directory is claimed.
 */
export async function runWorker(runDir: string, loadMachine: () => Promise<MachineModule>): Promise<number> {
  // The socket is bound by its name alone, and everything else lies in the same place.
  process.chdir(runDir);
  const file = readRunFile();
  if (file === null) return EXIT_BAD_RUN_FILE;
  if (!claim('.', PROTOCOL, HOLDFAST_VERSION)) {
    log('another worker has claimed this run directory; nothing was started');
    return EXIT_NOT_OURS;
  }
  const journal = JournalWriter.open(JOURNAL_FILE);
  // Requests alone are from a worker that died before its guest ran; the agent sends again what is still wanted.
  if (journal.found.some(({ type }) => type !== 'request')) {
    log('the guest of this run directory has run already, or may not run; nothing was started');
    return EXIT_NOT_OURS;
  }
  return await serve(file, journal, loadMachine);
}

async function serve(
  file: RunFile,
  journal: JournalWriter,
  loadMachine: () => Promise<MachineModule>,
): Promise<number> {
  const { run, kernelPath, initramfsPath, disks, nics } = file;
  const { vcpus, memoryMiB, cmdline, psci, systemSuspend, vsockCid } = run;
  const { allowMissingRegisters, requireIdRegisters } = run;
  let { firmware } = run;
  const ended = Promise.withResolvers<number>();
  let server: WorkerServer | null = null;
  const lifecycle = new Lifecycle({
    run,
    journal,
    newBootId: () => newBootId(),
    consolePath: consoleFile,
    snapshotPath: snapshotFile,
    makeMachine: async (consoleFd, listener, restoring) => {
      const { createMachine: create } = await loadMachine();
      const hardware = {
        vcpus,
        memoryMiB,
        disks,
        nics: nics.map((nic) => ({ ...nic, vhost: 'auto' as const })),
        vsockCid,
        consoleFd,
        kernelPath,
        initramfsPath,
        cmdline,
      };
      const restore = restoring ? restoreOf(file) : null;
      const choice = { psci, systemSuspend, firmware, allowMissingRegisters, requireIdRegisters };
      const machine = await create({ ...hardware, ...choice, restore }, listener);
      // A later boot of this run, after a reset, has what this one had.
      firmware = machine.firmware;
      return machine;
    },
    onJournal: (sequence) => server?.notify({ notify: 'journal', sequence }),
    onState: (status) => {
      log(`${status.phase}, boot ${status.bootId}`);
      server?.notify({ notify: 'state', status });
    },
    exit: ended.resolve,
    abort,
    log,
  });
  process.on('uncaughtException', (error) => abort(error.stack ?? error.message));
  // A host that shuts down ends every process so; its VMs come back with it as they come back from a loss of power.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => lifecycle.terminate(`the host ended the worker by ${signal}`));
  }
  lifecycle.begin();
  server = await WorkerServer.listen(lifecycle).catch((error: Error) => abort(`no socket: ${error.message}`));
  const code = await ended.promise;
  await server.close();
  journal.close();
  return code;
}

function restoreOf({ run, restorePath }: RunFile): RestoreConfig | null {
  if (run.restore === null || restorePath === null) return null;
  return { path: restorePath, skipAbsentDefaults: run.restore.skipAbsentRegisters };
}

/**
 * Ends the process where it stands, guest and threads with it: an ordinary exit waits for threads, and a thread inside
 * KVM_RUN does not come. The agent finishes the journal.
 */
function abort(reason: string): never {
  log(`giving up: ${reason}`);
  process.kill(process.pid, 'SIGKILL');
  // The signal ends the process before this loop is left.
  for (;;);
}

function readRunFile(): RunFile | null {
  try {
    return runFile(JSON.parse(readFileSync(RUN_FILE, 'utf8')), '');
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    log(`cannot use ${join(process.cwd(), RUN_FILE)}: ${detail}`);
    return null;
  }
}
