/** A tap with an address of the host's on it, and a web server that has a file for the guest behind it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';

const HOST_ADDRESS = '10.78.0.1';
/** guest/init.sh takes it. */
export const GUEST_ADDRESS = '10.78.0.2';
const SERVED = '/tmp/bench/served';
/** As guest/init.sh serves. */
const BYTES = 16 * 1024 * 1024;

export class HostLink implements Disposable {
  readonly tap = 'bench0';
  readonly #server: ChildProcess;

  constructor() {
    mkdirSync(SERVED, { recursive: true });
    writeFileSync(`${SERVED}/file`, '');
    truncateSync(`${SERVED}/file`, BYTES);
    execFileSync('ip', ['tuntap', 'add', this.tap, 'mode', 'tap', 'vnet_hdr']);
    execFileSync('ip', ['address', 'add', `${HOST_ADDRESS}/24`, 'dev', this.tap]);
    execFileSync('ip', ['link', 'set', this.tap, 'up']);
    this.#server = spawn('busybox', ['httpd', '-f', '-p', `${HOST_ADDRESS}:80`, '-h', SERVED]);
  }

  /** Reads the guest's file. @returns bytes per second */
  async fetchFrom(address: string): Promise<number> {
    const begun = performance.now();
    const reader = spawn('busybox', ['wget', '-q', '-O', '/dev/null', `http://${address}/file`]);
    const [code] = await once(reader, 'exit');
    if (code !== 0) throw new Error(`wget ended with ${code}`);
    return (BYTES / (performance.now() - begun)) * 1000;
  }

  [Symbol.dispose](): void {
    this.#server.kill();
    execFileSync('ip', ['link', 'delete', this.tap]);
  }
}
