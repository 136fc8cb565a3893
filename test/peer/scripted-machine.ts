/**
 * A guest that follows a script in the place of a machine. It reads its kernel command line:
 *
 *   poweroff-after=MS   powers off by itself, that long after each boot
 *   fail=CODE           the machine cannot be made
 *   slow=MS             the machine takes that long to be made
 *   die                 the worker is killed while the machine is being made
 *   deaf                does not answer keys
 *   save-fails          a save finds the disk full
 *   save-slow=MS        a save takes that long to be written
 *
 * and what is typed into its console: `poweroff`, `hibernate`, `reset`, `crash`, `fault`, `hang` (the worker's process
 * stops answering) or anything else, which it prints. Each run of a boot is noted in `guest.log` of the run directory,
 * one line, so that a test sees whether a guest ran twice.
 */
import { appendFileSync, writeSync } from 'node:fs';
import type { Machine, MachineConfig, MachineListener } from '../../src/machine/machine.ts';
import type { PowerKey, Save } from '../../src/machine/types.ts';
import { carryFirmware, firmwareFor } from '../../src/psci/firmware.ts';
import { REGISTERS } from './facts.ts';
import { assertRestorable, scriptedSave } from './scripted-save.ts';

/** KVM_SYSTEM_EVENT_*. */
const SHUTDOWN = 1;
const RESET = 2;
const CRASH = 3;

class ScriptedMachine implements Machine {
  readonly psci;
  readonly firmware;
  readonly inputReady = true;
  readonly leftOut = [];
  readonly otherIdRegisters = [];
  readonly #config: MachineConfig;
  readonly #listener: MachineListener;
  readonly #script: ReadonlyMap<string, string>;
  #state: 'made' | 'running' | 'paused' | 'ended' | 'closed' = 'made';
  #typed = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(config: MachineConfig, listener: MachineListener) {
    this.psci = config.psci;
    const { systemSuspend, vcpus } = config;
    const choice = { psci: config.psci, systemSuspend, vcpus };
    this.firmware = config.firmware ? carryFirmware(config.firmware, choice) : firmwareFor(choice, REGISTERS);
    this.#config = config;
    this.#listener = listener;
    this.#script = scriptOf(config);
  }

  run(): void {
    if (this.#state !== 'made') throw new Error(`cannot run a machine that is ${this.#state}`);
    this.#state = 'running';
    appendFileSync('guest.log', `ran ${process.pid}\n`);
    this.#print(`PSCIv${this.psci} detected in firmware\n`);
    const after = this.#script.get('poweroff-after');
    if (after !== undefined) this.#timer = setTimeout(() => this.#end(SHUTDOWN, 0n), Number(after));
  }

  async pause(): Promise<void> {
    if (this.#state === 'running') this.#state = 'paused';
  }

  async resume(): Promise<void> {
    if (this.#state === 'paused') this.#state = 'running';
  }

  wake(): void {}

  async save(path: string): Promise<Save> {
    if (this.#script.has('save-fails'))
      throw Object.assign(new Error('the script says so'), { code: 'ENOSPC' });
    return scriptedSave(path, this.#config, this.firmware);
  }

  pressKey(key: PowerKey): void {
    if (!this.#script.has('deaf')) this.#end(SHUTDOWN, key === 'power' ? 0n : 1n);
  }

  writeConsole(bytes: Uint8Array): void {
    const lines = (this.#typed + Buffer.from(bytes).toString()).split('\n');
    this.#typed = lines.pop() ?? '';
    for (const line of lines) this.#obey(line);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#state = 'closed';
  }

  #obey(line: string): void {
    if (line === 'poweroff') this.#end(SHUTDOWN, 0n);
    else if (line === 'hibernate') this.#end(SHUTDOWN, 1n);
    else if (line === 'reset') this.#end(RESET, 0n);
    else if (line === 'crash') this.#end(CRASH, 0n);
    else if (line === 'fault') this.#fault();
    else if (line === 'hang') for (;;);
    else this.#print(`${line}\n`);
  }

  #fault(): void {
    this.#state = 'ended';
    this.#listener.failed(new Error('KVM_EXIT_INTERNAL_ERROR'));
  }

  #end(type: number, flags: bigint): void {
    if (this.#state !== 'running') return;
    this.#state = 'ended';
    this.#listener.systemEvent({ type, data: [flags], vcpu: 0, x1: 0n, x2: 0n });
  }

  #print(text: string): void {
    writeSync(this.#config.consoleFd, text);
  }
}

function scriptOf({ cmdline }: MachineConfig): Map<string, string> {
  return new Map(
    cmdline.split(' ').map((word) => {
      const [name = '', value = ''] = word.split('=');
      return [name, value];
    }),
  );
}

export async function createMachine(config: MachineConfig, listener: MachineListener): Promise<Machine> {
  const script = scriptOf(config);
  const slow = script.get('slow');
  if (slow !== undefined) await new Promise((resolve) => setTimeout(resolve, Number(slow)));
  if (script.has('die')) process.kill(process.pid, 'SIGKILL');
  const code = script.get('fail');
  if (code !== undefined) throw Object.assign(new Error('the script says so'), { code });
  if (config.restore) await assertRestorable(config.restore.path);
  return new ScriptedMachine(config, listener);
}
