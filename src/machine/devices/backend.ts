/**
 * The part of a device that works outside of vCPU threads: an I/O thread, or the kernel's vhost.
 *
 *     working ──quiesce──▶ quiet ──proceed──▶ working
 *        └───────── stop ────┴──▶ ended
 */
export interface Backend {
  /**
   * Resolves once nothing of the device touches guest memory, its queues or its files, with all of its state in the
   * spec's shared buffers: what is there then is the device, and can be saved. Called while no vCPU runs.
   */
  quiesce(): Promise<void>;
  /** Goes on from the state in the shared buffers. Notifications that came meanwhile are not lost. */
  proceed(): Promise<void>;
  /** Ends for good; resolves once descriptors may be closed and memory unmapped. Idempotent, at any time. */
  stop(): Promise<void>;
}
