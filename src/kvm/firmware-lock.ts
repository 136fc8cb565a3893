/**
 * The promise that a guest's firmware interface does not change under it.
 *
 *     open ──lock──▶ locked
 *
 * KVM takes a new PSCI version at any time, even from a vCPU that has run, and the guest sees it at once. So each VM
 * has one of these, which its vCPUs ask before they write a firmware register, and which nothing opens again. A vCPU's
 * own thread has no call to write registers at all.
 */

export class FirmwareLockedError extends Error {
  override readonly name = 'FirmwareLockedError';

  constructor() {
    super('The firmware registers of this VM are fixed: another PSCI version needs a new VM.');
  }
}

export class FirmwareLock {
  #locked = false;

  lock(): void {
    this.#locked = true;
  }

  /** @throws FirmwareLockedError */
  assertOpen(): void {
    if (this.#locked) throw new FirmwareLockedError();
  }
}
