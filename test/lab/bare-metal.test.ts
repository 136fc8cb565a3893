/**
 * Bare-metal programs on the KVM of each kernel: flat code without a header that turns CPUs on and off, sends and takes
 * interrupts, and finds its console through the device tree, as test programs for other machine monitors do.
 */
import { expect, it } from 'vitest';
import { FLEET_KERNELS, fleet } from '../support/fleet.ts';
import { runInside } from '../support/inside.ts';
import { RACES } from './inside/programs.ts';

/** KVM_SYSTEM_EVENT_SHUTDOWN. */
const OFF = 1;
/** PSCI's answers as a byte. */
const [SUCCESS, NOT_SUPPORTED, INVALID, ALREADY_ON] = [0, 0xff, 0xfe, 0xfc];
/** AFFINITY_INFO's. */
const [CPU_ON, CPU_OFF] = [0, 1];

/** 0.2 behaves like the newest but for what cpuLife does not call; one kernel is enough for it. */
const VERSIONS: Record<string, string[]> = { '5.10': ['0.2', '1.0'], '6.1': ['1.1'], '7.3': ['1.3'] };

const life = {
  event: OFF,
  told: [CPU_OFF, SUCCESS, 0x34, 0x12, CPU_ON, ALREADY_ON, CPU_OFF, SUCCESS, RACES, RACES],
};

it.each(FLEET_KERNELS)('run under KVM of Linux %s', async (kernel) => {
  const { lab } = (await fleet()).emulated(kernel);
  const versions = VERSIONS[kernel] ?? [];
  expect(await runInside(lab, 'bare-metal', '0.1', ...versions)).toEqual({
    'oldPsci at 0.1': {
      event: null,
      told: [SUCCESS, 0x21, 0x43, INVALID, NOT_SUPPORTED, NOT_SUPPORTED, NOT_SUPPORTED, SUCCESS],
    },
    ...Object.fromEntries(versions.map((version) => [`cpuLife at ${version}`, life])),
    // Interrupt 5 and its answer 7, then the virtual and the physical timer's.
    interrupts: { event: OFF, told: [5, 7, 27, 30] },
    // EL1, MMU off, all exceptions masked, nothing in x1 to x3, the initramfs, "8" as a byte and "w" as a word.
    serialConsole: { event: OFF, told: [1, 0, 0b1111, 0, ...Buffer.from('env'), 0x38, 0x77] },
  });
});
