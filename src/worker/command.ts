/**
 * `holdfast worker`, started by an agent: for a run directory, or as a spare, before it is known what it will run, or to
 * measure the host.
 *
 *     a spare:  loading ──▶ waiting ── a line on standard input ──▶ the worker of that directory
 *                              └─────── end of input: its agent is gone, and so is the spare
 *
 * A spare claims nothing and has opened nothing of KVM. From the line on it is a worker like any other, and nothing
 * that happens to its agent reaches it: the directory's claim (identity.ts) decides whether it may run the guest.
 */
import { parseArgs } from 'node:util';
import type { Fingerprint } from '../psci/fingerprint.ts';
import { log } from './log.ts';
import { type MachineModule, runWorker } from './main.ts';

const USAGE = `holdfast worker: runs the VM of one run directory until its guest ends

  --run-dir DIR    made by the agent; has run.json
  --spare          load everything, then wait for a line with DIR on standard input
  --fingerprint    print what this host's KVM answers to guests, and run no VM

Exit codes: 0 the run ended, or none came; 1 the start failed, see the journal; 2 run.json cannot be used, or wrong
usage; 3 the directory belongs to another worker, or its guest has run.
`;

/** What a worker runs guests with, and how a spare gets it ready. */
export interface Machinery {
  readonly load: () => Promise<MachineModule>;
  readonly warmUp: () => Promise<void>;
  /** What the host's KVM answers to guests, measured in this process. */
  readonly measure: () => Promise<Fingerprint>;
}

const machinery: Machinery = {
  load: async () => await import('../machine/machine.ts'),
  warmUp: async () => {
    (await import('../machine/warm-up.ts')).warmUp();
    await import('../machine/machine.ts');
  },
  measure: async () => (await import('../machine/fingerprint/measure.ts')).measureFingerprint(),
};

/** @returns the process's exit code. */
export async function command(
  args: readonly string[],
  { load, warmUp, measure }: Machinery = machinery,
): Promise<number> {
  let values: ReturnType<typeof options>;
  try {
    values = options(args);
  } catch (error) {
    process.stderr.write(`holdfast worker: ${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    return 2;
  }
  const { help, spare, fingerprint, 'run-dir': given } = values;
  if (help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (fingerprint === true) {
    process.stdout.write(`${JSON.stringify(await measure())}\n`);
    return 0;
  }
  const runDir = spare === true ? await beSpare(warmUp) : given;
  if (runDir === null) return 0;
  if (runDir === undefined) {
    process.stderr.write(`holdfast worker needs --run-dir DIR, --spare or --fingerprint\n\n${USAGE}`);
    return 2;
  }
  return await runWorker(runDir, load);
}

function options(args: readonly string[]) {
  const known = {
    'run-dir': { type: 'string' },
    spare: { type: 'boolean' },
    fingerprint: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  return parseArgs({ args: [...args], options: known }).values;
}

/** @returns the run directory, or null when none will come. */
async function beSpare(warmUp: Machinery['warmUp']): Promise<string | null> {
  const told = firstLine(process.stdin);
  await warmUp();
  log('ready, and waits for a run');
  return await told;
}

/** A line that the end of the stream cut off is none: who wrote it died while it did. */
async function firstLine(stream: NodeJS.ReadStream): Promise<string | null> {
  let text = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) {
    text += chunk;
    const end = text.indexOf('\n');
    // Leaving the loop closes the stream.
    if (end >= 0) return text.slice(0, end);
  }
  return null;
}

if (import.meta.main) process.exit(await command(process.argv.slice(2)));
