/** What KVM does with src/kvm on this host; test/lab/kvm.test.ts says what is right. */
import { readdirSync } from 'node:fs';
import { constants } from 'node:os';
import { errnoName } from '../../../src/kvm/errno.ts';
import { Kvm } from '../../../src/kvm/kvm.ts';
import { gettid, startTimer, stopTimer, tgkill } from '../../../src/kvm/libc.ts';
import { probePsci } from '../../../src/kvm/probe.ts';
import { PC, PSCI_VERSION } from '../../../src/kvm/registers.ts';
import { fixFirmware } from '../../../src/machine/pin.ts';
import { PSCI_VERSIONS, type PsciVersion, toRegisterValue } from '../../../src/psci/versions.ts';
import { BareGuest, type Exit, KICK } from './bare.ts';
import { branch, call, PSCI, tellVersion } from './payload.ts';
import { report } from './report.ts';

/** The name or code of what `body` throws. */
function refusal(body: () => void): string {
  try {
    body();
    return 'none';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : (error as Error).name;
  }
}

function readVersion(guest: BareGuest): number {
  return [0, 1, 2, 3].reduce((sum, i) => sum + guest.next().value * 256 ** i, 0);
}

/** Pins a version and lets the guest read it. */
function guestReads(version: PsciVersion): number | string {
  using guest = new BareGuest([...tellVersion, ...call(PSCI.systemOff)]);
  let read = 0;
  const refused = refusal(() => {
    fixFirmware(guest.vm, [guest.vcpu], {
      psci: version,
      systemSuspend: false,
      firmware: null,
      allowMissingRegisters: false,
      requireIdRegisters: false,
    });
    read = readVersion(guest);
  });
  return refused === 'none' ? read : refused;
}

function event(code: readonly number[]): Exit {
  using guest = new BareGuest(code);
  return guest.next();
}

/** What another value does to a guest that runs: before the lock, and after it. */
function lateWrites(): Record<string, unknown> {
  using guest = new BareGuest([...tellVersion, ...tellVersion, ...tellVersion]);
  guest.vcpu.setFirmwareRegister(PSCI_VERSION, toRegisterValue('1.0'));
  const pinned = readVersion(guest);
  const unlockedWrite = guest.vcpu.setFirmwareRegister(PSCI_VERSION, toRegisterValue('0.2'));
  const changed = readVersion(guest);
  guest.vm.lockFirmware();
  return {
    ...{ pinned, unlockedWrite, changed },
    lockedWrite: refusal(() => guest.vcpu.setFirmwareRegister(PSCI_VERSION, toRegisterValue('1.0'))),
    throughOrdinaryRegisters: refusal(() => guest.vcpu.setRegister(PSCI_VERSION, toRegisterValue('1.0'))),
    stays: readVersion(guest),
  };
}

/** A kick before KVM_RUN must not be lost, and one drain must be enough for the guest to go on. */
function kicks(): unknown[] {
  using guest = new BareGuest([...tellVersion, ...branch(0)]);
  tgkill(gettid(), KICK);
  tgkill(gettid(), KICK);
  const first = guest.next();
  guest.runner.drainKicks();
  const second = guest.next();
  return [errnoName(-first.value), second.kind];
}

function descriptors(): number {
  return readdirSync('/proc/self/fd').length;
}

function closing(): Record<string, unknown> {
  const before = descriptors();
  const guest = new BareGuest(branch(0));
  const open = descriptors();
  guest[Symbol.dispose]();
  guest[Symbol.dispose]();
  return {
    opened: open - before,
    left: descriptors() - before,
    vcpuAfterwards: refusal(() => guest.vcpu.getRegister(PSCI_VERSION)),
    vmAfterwards: refusal(() => guest.vm.createVcpu(1)),
  };
}

function gic(): Record<string, unknown> {
  using kvm = Kvm.open();
  using vm = kvm.createVm();
  using vcpu = vm.createVcpu(0);
  vcpu.init({ target: vm.preferredTarget(), psci02: true, startsOff: false });
  using device = vm.createGic();
  device.init({ distributor: 0x0800_0000, redistributors: 0x080a_0000, interrupts: 128 });
  return { lateVcpu: refusal(() => vm.createVcpu(1)), mpState: vcpu.mpState };
}

/** A vCPU of another than the first, which was initialised as one that is off. */
function secondReset(): Record<string, unknown> {
  using kvm = Kvm.open();
  using vm = kvm.createVm();
  const target = vm.preferredTarget();
  using first = vm.createVcpu(0);
  using second = vm.createVcpu(1);
  first.init({ target, psci02: true, startsOff: false });
  second.init({ target, psci02: true, startsOff: true });
  second.setRegister(PC, 0x4000_0000n);
  const before = second.mpState;
  const refused = refusal(() => second.reset());
  return { before, refused, after: second.mpState, pc: Number(second.getRegister(PC)) };
}

/** VMs made while signals come to the thread every few milliseconds. */
function interrupted(): string {
  const signal = 'SIGUSR2';
  const ignore = (): void => {};
  process.on(signal, ignore);
  const timer = startTimer(constants.signals[signal], 10);
  using kvm = Kvm.open();
  const refused = refusal(() => {
    for (let i = 0; i < 60; i += 1) kvm.createVm().close();
  });
  stopTimer(timer);
  process.off(signal, ignore);
  return refused;
}

report({
  interrupted: interrupted(),
  secondReset: secondReset(),
  probe: probePsci(),
  guestReads: Object.fromEntries(PSCI_VERSIONS.filter((v) => v !== '0.1').map((v) => [v, guestReads(v)])),
  events: {
    off: event(call(PSCI.systemOff)),
    reset: event(call(PSCI.systemReset)),
    // SYSTEM_RESET2 with a vendor's reset type and cookie; where it does not exist, the power-off behind it.
    reset2: event([...call(PSCI.systemReset2, 0x8000_0001, 0x1234), ...call(PSCI.systemOff)]),
    off2: event([...call(PSCI.systemOff2, 0, 0), ...call(PSCI.systemOff)]),
  },
  lateWrites: lateWrites(),
  kicks: kicks(),
  closing: closing(),
  gic: gic(),
});
