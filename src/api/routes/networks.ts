/** Networks: what VMs' NICs are in. */
import { Type } from 'typebox';
import { pageById } from '../../control/database/page.ts';
import {
  changeNetwork,
  createNetwork,
  deleteNetwork,
  getNetwork,
  listNetworks,
  type NetworkRecord,
} from '../../control/hosts/networks.ts';
import { formatIpv4, gatewayOf, parseCidr } from '../../wire/ipv4.ts';
import { ifMatch, sendResource } from '../plugins/conditional.ts';
import { closed, LabelQuery, Page, PageQuery, parseLabels, ref } from '../schemas/common.ts';
import { Network, NetworkParams, NetworkPatch, NewNetwork } from '../schemas/network.ts';
import type { Routes } from '../types.ts';

export const networkRoutes: Routes = async (app) => {
  app.post(
    '/v1/networks',
    {
      config: { role: 'operator', refusals: ['CIDR_INVALID', 'NETWORK_NAME_TAKEN', 'NETWORK_OVERLAPS'] },
      schema: {
        operationId: 'createNetwork',
        tags: ['networks'],
        summary: 'Create a network',
        description:
          'A range of IPv4 addresses for guests. On each host that runs guests in it, those guests share a bridge and ' +
          'reach each other; with `outside` they also reach the outside of that host. Guests on different hosts do ' +
          'not reach each other through it. It carries IPv4 only; each guest is told its address by DHCP.',
        body: NewNetwork,
        response: { 201: ref(Network) },
      },
    },
    async (request, reply) => {
      const { name, labels = {}, cidr, outside = false } = request.body;
      const network = await createNetwork(app.control, { name, labels, cidr, outside });
      reply.code(201).header('location', `/v1/networks/${network.id}`);
      return sendResource(reply, network.revision, presentNetwork(network));
    },
  );

  app.get(
    '/v1/networks',
    {
      config: { role: 'viewer', scope: 'shared', refusals: ['INVALID_PAGE_TOKEN'] },
      schema: {
        operationId: 'listNetworks',
        tags: ['networks'],
        summary: 'List networks, oldest first',
        querystring: Type.Object({ ...PageQuery, ...LabelQuery }, closed),
        response: { 200: Page(ref(Network)) },
      },
    },
    async (request) => {
      const labels = parseLabels(request.query.label);
      const page = await pageById(request.query, (part) => listNetworks(app.control, labels, part));
      return { ...page, items: page.items.map(presentNetwork) };
    },
  );

  app.get(
    '/v1/networks/:networkId',
    {
      config: { role: 'viewer', scope: 'shared', refusals: ['NETWORK_NOT_FOUND'] },
      schema: {
        operationId: 'getNetwork',
        tags: ['networks'],
        summary: 'Get a network',
        params: NetworkParams,
        response: { 200: ref(Network) },
      },
    },
    async (request, reply) => {
      const network = await getNetwork(app.control, request.params.networkId);
      return sendResource(reply, network.revision, presentNetwork(network));
    },
  );

  app.patch(
    '/v1/networks/:networkId',
    {
      config: { role: 'operator', refusals: ['NETWORK_NOT_FOUND', 'PRECONDITION_FAILED'] },
      schema: {
        operationId: 'updateNetwork',
        tags: ['networks'],
        summary: "Change a network's labels",
        description: 'What guests see of it does not change; make another network instead.',
        consumes: ['application/merge-patch+json'],
        params: NetworkParams,
        body: NetworkPatch,
        response: { 200: ref(Network) },
      },
    },
    async (request, reply) => {
      const { labels = {} } = request.body;
      const { networkId } = request.params;
      const network = await changeNetwork(app.control, networkId, { labels }, ifMatch(request));
      return sendResource(reply, network.revision, presentNetwork(network));
    },
  );

  app.delete(
    '/v1/networks/:networkId',
    {
      config: {
        role: 'operator',
        refusals: ['NETWORK_NOT_FOUND', 'NETWORK_IN_USE', 'PRECONDITION_FAILED'],
      },
      schema: {
        operationId: 'deleteNetwork',
        tags: ['networks'],
        summary: 'Delete a network that no VM has a NIC in',
        params: NetworkParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await deleteNetwork(app.control, request.params.networkId, ifMatch(request));
      return reply.code(204).send(null);
    },
  );
};

function presentNetwork(network: NetworkRecord): Network {
  const cidr = parseCidr(network.cidr);
  if (cidr === null) throw new Error(`Network ${network.id} has the range ${network.cidr}`);
  return {
    id: network.id,
    name: network.name,
    labels: network.labels,
    cidr: network.cidr,
    outside: network.outside,
    gateway: formatIpv4(gatewayOf(cidr)),
    nics: network.nics,
    createdAt: network.createdAt.toISOString(),
  };
}
