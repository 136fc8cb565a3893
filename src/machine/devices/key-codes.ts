/**
 * The keys by which the host asks the guest's own power management for something: their codes of
 * include/uapi/linux/input-event-codes.h, for which systemd-logind has HandlePowerKey, HandleRebootKey,
 * HandleSuspendKey and HandleHibernateKey, and the pins of the GPIO controller that they are wired to.
 */
import type { PowerKey } from '../types.ts';

export interface Key {
  readonly name: PowerKey;
  readonly code: number;
  /** High while the key is down. */
  readonly pin: number;
}

export const KEYS: readonly Key[] = [
  { name: 'power', code: 116, pin: 0 },
  { name: 'restart', code: 408, pin: 1 },
  { name: 'sleep', code: 142, pin: 2 },
  { name: 'hibernate', code: 205, pin: 3 },
];
