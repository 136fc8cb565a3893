// The real worker with a scripted guest: `node worker.ts --run-dir DIR` or `node worker.ts --spare`. Of this machine, which
// has no KVM for arm64 guests, `--fingerprint` says one thing.
import { command } from '../../src/worker/command.ts';

const load = async () => await import('./scripted-machine.ts');
const answers = { 'PSCI_VERSION/32': '0x10001' };
const measure = async () => ({
  suite: 1,
  versions: { '1.1': { answers, systemSuspend: null, services: {} } },
});
process.exit(
  await command(process.argv.slice(2), { load, warmUp: async () => void (await load()), measure }),
);
