/** Firmware registers by name (psci/firmware.ts) on a vCPU. */
import {
  FIRMWARE_REGISTER_NAMES,
  FIRMWARE_REGISTERS,
  type FirmwareRegister,
  type FirmwareRegisters,
  toHex,
} from '../psci/firmware.ts';
import { firmwareRegister } from './registers.ts';
import type { Vcpu } from './vcpu.ts';

export function registerId(name: FirmwareRegister): bigint {
  return firmwareRegister(FIRMWARE_REGISTERS[name].id);
}

/** What a VM's firmware registers hold; null for those that this kernel lacks. @throws KvmError */
export function readFirmware(vcpu: Pick<Vcpu, 'findRegister'>): FirmwareRegisters {
  const values = FIRMWARE_REGISTER_NAMES.map((name) => {
    const value = vcpu.findRegister(registerId(name));
    return [name, value === null ? null : toHex(value)] as const;
  });
  return Object.fromEntries(values) as FirmwareRegisters;
}
