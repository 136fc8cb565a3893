// The real agent without the probe and the enrolment: `node agent.ts API STATE`, workers with scripted guests.
import { join } from 'node:path';
import { pino } from 'pino';
import { ApiClient } from '../../src/agent/client.ts';
import { lockState } from '../../src/agent/lock.ts';
import { run } from '../../src/agent/serve.ts';
import { Spares } from '../../src/agent/spares.ts';
import { Store } from '../../src/agent/store.ts';
import { FACTS } from './facts.ts';

const [api = '', state = ''] = process.argv.slice(2);
const lock = await lockState(state);
if (lock === null) process.exit(3);
const store = new Store(state);
store.open();
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const command = [process.execPath, join(import.meta.dirname, 'worker.ts')] as const;
const log = pino({ level: process.env.HOLDFAST_LOG_LEVEL ?? 'silent' });
const count = Number(process.env.HOLDFAST_SPARE_WORKERS ?? '0');
const spares = new Spares({ command, directory: store.sparesDir, count, log });
await run(
  new ApiClient(api, 'a credential for tests'),
  store,
  () => FACTS,
  { command, spares },
  log,
  stop.signal,
);
process.exit(0);
