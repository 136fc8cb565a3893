/** The worker's log: its standard error, which is a file in its run directory, or in the spares' directory before. */
import { writeSync } from 'node:fs';

export function log(message: string): void {
  try {
    writeSync(process.stderr.fd, `${new Date().toISOString()} ${message}\n`);
  } catch {
    // The disk is full, most likely. A stream would raise this as an error of the process; the guest is worth more.
  }
}
