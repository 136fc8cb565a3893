// The real worker with a scripted guest: `node worker.ts --run-dir DIR` or `node worker.ts --spare`.
import { command } from '../../src/worker/command.ts';

const load = async () => await import('./scripted-machine.ts');
process.exit(await command(process.argv.slice(2), { load, warmUp: async () => void (await load()) }));
