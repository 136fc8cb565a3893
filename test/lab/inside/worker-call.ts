/**
 * Speaks to a worker inside a lab host: `node worker-call.ts RUN_DIR input TEXT` types into the guest's console,
 * `node worker-call.ts RUN_DIR request JSON` makes a request. Prints the refusal, or null, as JSON.
 */
import { WorkerClient } from '../../../src/agent/worker-client.ts';
import type { WorkerRequest } from '../../../src/worker/protocol.ts';

const [runDir = '', method = '', argument = ''] = process.argv.slice(2);
const client = await WorkerClient.connect(runDir, () => {});
const refused =
  method === 'input'
    ? await client.input(Buffer.from(argument).toString('base64'))
    : await client.request(JSON.parse(argument) as WorkerRequest);
console.log(JSON.stringify(refused));
client.close();
