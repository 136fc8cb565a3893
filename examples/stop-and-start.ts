/** Stops a VM and starts it again, and prints the events of both: node stop-and-start.ts NAME */
import { allItems, createClient, followEvents, unwrap, waitForOperation } from 'holdfast/client';

const baseUrl = process.env.HOLDFAST_API ?? 'http://127.0.0.1:8080';
const token = process.env.HOLDFAST_TOKEN ?? '';
const client = createClient({ baseUrl, token, attempts: 4 });

let vm: { id: string; name: string } | undefined;
const vms = allItems((page) => client.GET('/v1/vms', { params: { query: { limit: 200, ...page } } }));
for await (const one of vms) if (one.name === process.argv[2]) vm = one;
if (vm === undefined) throw new Error(`There is no VM ${process.argv[2]}`);

const path = { vmId: vm.id };
const { items } = unwrap(
  await client.GET('/v1/vms/{vmId}/events', { params: { path, query: { order: 'desc', limit: 1 } } }),
);
for (const action of ['stop', 'start'] as const) {
  const begun = unwrap(await client.POST(`/v1/vms/{vmId}/${action}`, { params: { path }, body: {} }));
  const { status, error } = await waitForOperation(client, begun.id);
  console.log(`${action}: ${status}${error === null ? '' : ` ${error.code}`}`);
}
let count = 0;
const after = items[0]?.cursor ?? '0-0';
for await (const { kind, initiator } of followEvents({ baseUrl, token, after, filter: { vmId: vm.id } })) {
  console.log(`${kind} by ${initiator}`);
  count += 1;
  if (count === 2) break;
}
