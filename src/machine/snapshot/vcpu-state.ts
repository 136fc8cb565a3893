/**
 * The registers of a vCPU, out of one kernel and into another.
 *
 * Which registers there are differs between kernels, and which values they take between hosts. What a restore does
 * about each:
 *
 * - Firmware registers (groups 0x14 and 0x16) and ID registers are not among them. The pin and the rest of the firmware
 *   interface are set and compared before (pin.ts, id-registers.ts), and locked.
 * - The counts, CNTVCT and CNTPCT, are set last of all, when the guest goes on: until then they would run. Before Linux
 *   6.4 CNTPCT cannot be set, and every guest reads the host's, as it did where it was saved by such a kernel.
 * - A register that the host does not have and the guest cannot reach either is left out. The PMU's: no vCPU of ours
 *   has KVM_ARM_VCPU_PMU_V3, so an access is undefined to the guest, yet Linux before 5.11 lists them
 *   (arch/arm64/kvm/sys_regs.c, pmu_visibility). TCR2_EL1, PIR_EL1 and PIRE0_EL1: undefined unless ID_AA64MMFR3_EL1
 *   says TCRX and S1PIE, and newer kernels list them only then (tcr2_visibility, s1pie_visibility).
 * - Any other register that the host does not have is needed, and refused without; but for one that still held what a
 *   fresh vCPU of the saving host has, when the request says so.
 * - A value that the host refuses is refused, unless the host's own value is the same: KVM takes no write to some
 *   registers that describe the CPU, and compares in others (MPIDR_EL1, CCSIDR_EL1). A guest must not see another CPU
 *   than the one it booted on.
 */
import { ENOENT, errnoName } from '../../kvm/errno.ts';
import { isIdRegister } from '../../kvm/id-registers.ts';
import { registerName } from '../../kvm/register-names.ts';
import {
  ID_AA64MMFR3_EL1,
  isFirmwareRegister,
  PHYSICAL_TIMER_CNT,
  systemRegister,
  TIMER_CNT,
} from '../../kvm/registers.ts';
import type { SavedVcpu } from '../../kvm/saved-vcpu.ts';
import { closed, flag, integer, list, type Shaped, text } from '../../wire/shape.ts';
import { RestoreError } from '../errors.ts';

export const vcpuState = closed({
  /** KVM_MP_STATE_*. */
  mpState: integer(),
  /** `struct kvm_vcpu_events` in hexadecimal digits. */
  events: text,
  /** In the kernel's order. */
  registers: list(
    closed({
      /** Hexadecimal digits. */
      id: text,
      /** The bytes in hexadecimal digits, lowest first. */
      value: text,
      /** Whether a fresh vCPU of the saving host had this value. */
      atReset: flag,
    }),
  ),
});
export type VcpuState = Shaped<typeof vcpuState>;

/** What is read of a vCPU while it is at rest; `atReset` is found out later. */
export interface TakenVcpu {
  readonly mpState: number;
  readonly events: Uint8Array;
  readonly registers: readonly (readonly [id: bigint, value: Uint8Array])[];
}

/** `counts`: what stands in for the counts, which went on while the guest did not. @throws KvmError */
export function takeVcpu(vcpu: SavedVcpu, counts: ReadonlyMap<bigint, bigint>): TakenVcpu {
  const ids = vcpu.list().filter((id) => !isFirmwareRegister(id) && !isIdRegister(id));
  const registers = ids.map((id) => {
    const count = counts.get(id);
    return [id, count === undefined ? vcpu.get(id) : littleEndian(count)] as const;
  });
  return { mpState: vcpu.mpState, events: vcpu.events, registers };
}

/** `fresh`: a vCPU of the same features that has never run. @throws KvmError */
export function describeVcpu({ mpState, events, registers }: TakenVcpu, fresh: SavedVcpu): VcpuState {
  return {
    mpState,
    events: Buffer.from(events).toString('hex'),
    registers: registers.map(([id, bytes]) => ({
      id: id.toString(16),
      value: Buffer.from(bytes).toString('hex'),
      atReset: Buffer.from(fresh.get(id)).equals(bytes),
    })),
  };
}

/** The counts of a saved guest, to be set when it goes on: those that the saving host had. */
export function countsOf({ registers }: VcpuState): Map<bigint, bigint> {
  const counts = new Map<bigint, bigint>();
  for (const { id, value } of registers) {
    const key = BigInt(`0x${id}`);
    if (isCount(key)) counts.set(key, Buffer.from(value, 'hex').readBigUInt64LE());
  }
  return counts;
}

/** Those of them that this host cannot set, by their names, taken out of `counts`. The guest does not run yet. */
export function dropUnsettable(vcpu: Pick<VcpuToRestore, 'set'>, counts: Map<bigint, bigint>): string[] {
  const absent = [...counts].filter(
    ([id, count]) => id === PHYSICAL_TIMER_CNT && vcpu.set(id, littleEndian(count)) === -ENOENT,
  );
  for (const [id] of absent) counts.delete(id);
  return absent.map(([id]) => registerName(id));
}

/** What is needed of a vCPU to give it its state. */
export type VcpuToRestore = Pick<SavedVcpu, 'get' | 'set' | 'setMpState' | 'setEvents'>;

/**
 * Puts a vCPU into a saved state but for the counts.
 * @returns names of the registers that were left out
 * @throws RestoreError SNAPSHOT_REGISTER_MISSING, SNAPSHOT_REGISTER_REFUSED
 */
export function restoreVcpu(
  vcpu: VcpuToRestore,
  saved: VcpuState,
  { index, skipAbsentDefaults }: { readonly index: number; readonly skipAbsentDefaults: boolean },
): string[] {
  const leftOut: string[] = [];
  const missing: string[] = [];
  const refused: string[] = [];
  for (const { id: digits, value, atReset } of saved.registers) {
    const id = BigInt(`0x${digits}`);
    if (isFirmwareRegister(id) || isCount(id)) continue;
    const result = vcpu.set(id, Buffer.from(value, 'hex'));
    if (result === 0) continue;
    if (result === -ENOENT) {
      if (isUnreachable(id, vcpu) || (atReset && skipAbsentDefaults)) leftOut.push(registerName(id));
      else missing.push(`${registerName(id)}${atReset ? ' (at its default)' : ''}`);
      continue;
    }
    const own = Buffer.from(vcpu.get(id)).toString('hex');
    if (own === value) continue;
    refused.push(`${registerName(id)} ${hex(value)} (${errnoName(-result)}; the host has ${hex(own)})`);
  }
  if (refused.length > 0) {
    throw new RestoreError(
      'SNAPSHOT_REGISTER_REFUSED',
      `vCPU ${index} cannot be what it was: this host does not take ${some(refused)}. Restore the snapshot on a host ` +
        'with a CPU and a kernel like those it was saved on.',
    );
  }
  if (missing.length > 0) {
    throw new RestoreError(
      'SNAPSHOT_REGISTER_MISSING',
      `vCPU ${index} cannot be what it was: this host does not have ${some(missing)}. Restore the snapshot on a host ` +
        'with a kernel like the one it was saved on; registers at their default may be skipped on request.',
    );
  }
  const state = vcpu.setMpState(saved.mpState);
  const events = state === 0 ? vcpu.setEvents(Buffer.from(saved.events, 'hex')) : 0;
  if (state !== 0 || events !== 0) {
    const what = state === 0 ? 'its waiting exceptions' : `its state ${saved.mpState}`;
    const errno = errnoName(-(state === 0 ? events : state));
    throw new RestoreError(
      'SNAPSHOT_REGISTER_REFUSED',
      `vCPU ${index}: this host does not take ${what} (${errno}).`,
    );
  }
  return leftOut;
}

function isCount(id: bigint): boolean {
  return id === TIMER_CNT || id === PHYSICAL_TIMER_CNT;
}

/** Registers of the PMU (DDI 0487, section D19.5 and chapter D13): CRn 9 with CRm 12–14, and CRn 14 with CRm 8–15. */
function isPmu(id: bigint): boolean {
  const register = systemRegister(id);
  if (register === null || register.op0 !== 3) return false;
  const { op1, crn, crm } = register;
  if (crn === 9) return (op1 === 0 || op1 === 3) && crm >= 12 && crm <= 14;
  return op1 === 3 && crn === 14 && crm >= 8;
}

/** Fields of ID_AA64MMFR3_EL1 without which a register does not exist for the guest: its CRn, CRm, op2, and the shift. */
const HIDDEN_BY_MMFR3: Readonly<Record<string, bigint>> = { '2,0,3': 0n, '10,2,2': 8n, '10,2,3': 8n };

/** The vCPU has the guest's ID registers already. */
function isUnreachable(id: bigint, vcpu: Pick<VcpuToRestore, 'get'>): boolean {
  if (isPmu(id)) return true;
  const register = systemRegister(id);
  if (register === null || register.op0 !== 3 || register.op1 !== 0) return false;
  const shift = HIDDEN_BY_MMFR3[[register.crn, register.crm, register.op2].join(',')];
  if (shift === undefined) return false;
  const features = Buffer.from(vcpu.get(ID_AA64MMFR3_EL1)).readBigUInt64LE();
  return ((features >> shift) & 0xfn) === 0n;
}

function littleEndian(value: bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}

/** Bytes, lowest first, as a number is written. */
function hex(bytes: string): string {
  return `0x${Buffer.from(bytes, 'hex').reverse().toString('hex')}`;
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, 6).join(', ');
  return names.length > 6 ? `${shown} and ${names.length - 6} more` : shown;
}
