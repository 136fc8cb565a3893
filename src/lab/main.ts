/**
 * The developer's way into the lab:
 *
 *     node src/lab/main.ts run  [--kernel 7.3] -- node src/kvm/probe.ts     boot, run one command, shut down
 *     node src/lab/main.ts up --keep [--kernel 7.3]                         boot and leave running
 *     node src/lab/main.ts push                                            put the current source into it
 *     node src/lab/main.ts exec [--push] -- node --version                 run a command in it
 *     node src/lab/main.ts down                                            shut it down
 *     node src/lab/main.ts fetch [--refresh]                               fetch every kernel, QEMU and Node
 *     node src/lab/main.ts demo-image                                      build the demo guest, print its paths
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildDemoImage } from './demo-image.ts';
import { type LabControl, LabHost, type LabHostOptions } from './host.ts';
import { kernel, kernelLabel, kernelLabels, newestKernel } from './kernels.ts';
import { labCache } from './paths.ts';
import { qemu } from './qemu.ts';
import { baseDisk } from './root.ts';

const usage = `usage: node src/lab/main.ts <command> [options] [-- argv…]

  run   [host options] -- argv…   boot a host, run argv inside with the current source, shut down; its code is returned
  up    [host options] [--keep]   boot a host; with --keep leave it running, otherwise until Ctrl-C
  exec  [--push] -- argv…         run argv in the host that "up --keep" left
  push                            put the current source into that host
  down                            shut that host down
  fetch [--refresh]               fetch all kernels, QEMU and Node now; --refresh asks for newer kernels
  demo-image                      build the demo guest's image and print its paths, cmdline and memory as JSON

host options: --kernel ${kernelLabels.join('|')} (default ${newestKernel})  --memory MiB  --cpus N  --disk FILE
              --forward PORT (repeatable)  --console (show the host's console)
              --name NAME (for exec, push and down too: which kept host)
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kernel: { type: 'string', default: newestKernel },
    name: { type: 'string' },
    memory: { type: 'string' },
    cpus: { type: 'string' },
    disk: { type: 'string' },
    forward: { type: 'string', multiple: true },
    console: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    push: { type: 'boolean', default: false },
    refresh: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const [command, ...argv] = positionals;

const started = performance.now();
function progress(line: string): void {
  process.stderr.write(`[lab ${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s] ${line}\n`);
}

function hostOptions(): LabHostOptions {
  return {
    kernel: kernelLabel(values.kernel),
    progress,
    ...(values.name === undefined ? {} : { name: values.name }),
    ...(values.memory === undefined ? {} : { memoryMiB: count('--memory', values.memory) }),
    ...(values.cpus === undefined ? {} : { cpus: count('--cpus', values.cpus) }),
    ...(values.disk === undefined ? {} : { dataDisk: values.disk }),
    ...(values.forward === undefined
      ? {}
      : { hostForwards: values.forward.map((port) => count('--forward', port)) }),
    ...(values.console ? { onConsole: (text: string): void => void process.stderr.write(text) } : {}),
  };
}

function count(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`${option} wants a whole number, not "${text}".`);
  return value;
}

/** Where `up --keep` writes how to reach the host it left. */
function controlFile(): string {
  return join(labCache, 'kept', `${values.name ?? 'default'}.json`);
}

async function keptHost(): Promise<LabHost> {
  const text = await readFile(controlFile(), 'utf8').catch(() => {
    throw new Error('No lab host was left running: start one with "up --keep".');
  });
  return await LabHost.attach(JSON.parse(text) as LabControl);
}

/** Runs a command inside with this process's standard streams. @returns its exit code, as a shell would give it. */
async function foreground(host: LabHost): Promise<number> {
  if (argv.length === 0) throw new Error(`What shall run inside? Give it after "--".\n\n${usage}`);
  const child = await host.spawn(argv);
  child.stdout.pipe(process.stdout);
  child.stderr.pipe(process.stderr);
  process.stdin.on('data', (chunk: Buffer) => child.write(chunk));
  process.stdin.on('end', () => child.end());
  process.on('SIGINT', () => child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const { code, signal } = await child.exited;
  process.stdin.destroy();
  if (signal !== null) progress(`${argv[0]} was ended by ${signal}`);
  return code ?? 128;
}

async function main(): Promise<number> {
  if (values.help || command === undefined) {
    process.stdout.write(usage);
    return values.help ? 0 : 2;
  }
  switch (command) {
    case 'run': {
      await using host = await LabHost.start(hostOptions());
      return await foreground(host);
    }
    case 'up': {
      const host = await LabHost.start({ ...hostOptions(), detached: values.keep });
      if (values.keep) {
        await mkdir(join(labCache, 'kept'), { recursive: true, mode: 0o700 });
        await writeFile(controlFile(), JSON.stringify(host.control, null, 2), { mode: 0o600 });
        progress(`left running; its console is in ${host.control.directory}/console.log`);
        return 0;
      }
      progress('Ctrl-C shuts it down');
      await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
      await host.powerOff();
      return 0;
    }
    case 'exec': {
      const host = await keptHost();
      if (values.push) await host.push();
      return await foreground(host);
    }
    case 'push':
      await (await keptHost()).push();
      return 0;
    case 'down':
      await (await keptHost()).powerOff();
      await rm(controlFile(), { force: true });
      return 0;
    case 'fetch':
      for (const label of kernelLabels) await kernel(label, { refresh: values.refresh, progress });
      await qemu(progress);
      await baseDisk(progress);
      return 0;
    case 'demo-image':
      process.stdout.write(`${JSON.stringify(await buildDemoImage(undefined, progress), null, 2)}\n`);
      return 0;
    default:
      process.stderr.write(usage);
      return 2;
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`lab: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
