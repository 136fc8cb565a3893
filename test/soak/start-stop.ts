/**
 * Start after start on one emulated host, several VMs with a disk and a NIC side by side, then eight guests at once, and
 * what they leave behind:
 *
 *     node test/soak/start-stop.ts [--cycles 200] [--vms 4] [--kernel 7.3]
 *
 * A cycle is one start of one VM and its guest's power-off; the guest is a few instructions, so that it is Holdfast
 * that comes and goes.
 * Ends with 0 when nothing was left, and with 1 when something was, which it names.
 */
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { kernelLabel } from '../../src/lab/kernels.ts';
import { freePort } from '../../src/standalone/free-port.ts';
import { startService } from '../../src/standalone/service.ts';
import { Cycles } from '../support/cycles.ts';

const TOLERATED_MIB = 64;

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '200' },
    vms: { type: 'string', default: '4' },
    kernel: { type: 'string', default: '7.3' },
  },
});
const kernel = kernelLabel(values.kernel);
const say = (line: string): void => console.log(line);
const dataDir = mkdtempSync(join(tmpdir(), 'holdfast-soak-'));
const service = await startService({ dataDir, port: await freePort(), kernels: [kernel], progress: say });
try {
  const cycles = await Cycles.on(service, kernel);
  await cycles.startAndStop(1);
  const before = await cycles.still();
  say(`before: ${JSON.stringify(before)}`);
  const began = performance.now();
  await cycles.startAndStop(Number(values.cycles), Number(values.vms), (done) => {
    if (done % 10 === 0) say(`${done} cycles, ${Math.round((performance.now() - began) / done)} ms each`);
  });
  say('eight guests at once');
  await cycles.atOnce(8);
  const left = await cycles.leftSince(before, TOLERATED_MIB);
  say(`after: ${JSON.stringify(await cycles.footprint())}`);
  say(left.length === 0 ? 'nothing was left behind' : `left behind: ${left.join('; ')}`);
  process.exitCode = left.length === 0 ? 0 : 1;
} finally {
  await service.stop();
  await rm(dataDir, { recursive: true, force: true });
}
