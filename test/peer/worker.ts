// The real worker with a scripted guest: `node worker.ts --run-dir DIR`.
import { parseArgs } from 'node:util';
import { runWorker } from '../../src/worker/main.ts';

const { values } = parseArgs({ options: { 'run-dir': { type: 'string' } } });
process.exit(await runWorker(values['run-dir'] ?? '', async () => await import('./scripted-machine.ts')));
