/** What machines of this host make of recorded firmware; test/lab/firmware.test.ts says what is right. */
import { writeFileSync } from 'node:fs';
import { canonicalFirmware, type FirmwareAbi, type FirmwareRegisters } from '../../../src/psci/firmware.ts';
import { Guest, type GuestConfig } from './guest.ts';
import { call, image, PSCI } from './payload.ts';
import { report } from './report.ts';

const { ON_7_3, ON_5_10 } = JSON.parse(process.argv[2] ?? '') as Record<
  'ON_7_3' | 'ON_5_10',
  FirmwareRegisters
>;

const kernelPath = '/tmp/firmware-payload';
writeFileSync(kernelPath, image(call(PSCI.systemOff)));

/** The interface of a machine made so, or the code of the refusal. */
async function firmware(config: GuestConfig): Promise<FirmwareAbi | string> {
  try {
    await using guest = await Guest.make({
      kernelPath,
      initramfsPath: null,
      cmdline: '',
      memoryMiB: 8,
      ...config,
    });
    return guest.machine.firmware;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

const first = await firmware({});
if (typeof first === 'string') throw new Error(first);
const having = (registers: Partial<FirmwareRegisters>): GuestConfig => ({
  firmware: { ...first, registers: { ...first.registers, ...registers } },
});
const registers = async (config: GuestConfig) => {
  const found = await firmware(config);
  return typeof found === 'string' ? found : found.registers;
};
const again = await firmware({ firmware: first });
/** Of no host's CPU: no kernel takes it unasked. */
const elsewhere = { firmware: { ...first, idRegisters: { ...first.idRegisters, MIDR_EL1: '0x1' } } };
const booted = await firmware(elsewhere);
const suspending = await firmware({ systemSuspend: true });

report({
  same: typeof again !== 'string' && canonicalFirmware(again) === canonicalFirmware(first),
  onlyOn7_3: await registers(having(ON_7_3)),
  allowed: await registers({ ...having(ON_7_3), allowMissingRegisters: true }),
  unsupported: await registers(having({ STD_BMAP: '0x2' })),
  hidden: await registers(having(ON_5_10)),
  moreProtected: await registers(having({ SMCCC_ARCH_WORKAROUND_1: '0x3' })),
  renumbered: await registers({ firmware: { ...first, mpidrs: [0x100] } }),
  goesOnElsewhere: await firmware({ ...elsewhere, requireIdRegisters: true }),
  bootsElsewhere: typeof booted !== 'string' && canonicalFirmware(booted) === canonicalFirmware(first),
  suspend: typeof suspending === 'string' ? suspending : suspending.systemSuspend,
});
