/** Counts over the fleet, and the VMs that some of them are about. */
import { Type } from 'typebox';
import { pageById } from '../../control/database/page.ts';
import { listDriftedVms, summariseFleet } from '../../control/fleet/fleet.ts';
import type { DriftedVm as DriftedVmRecord } from '../../control/fleet/fleet-drift.ts';
import { closed, Page, PageQuery, ref } from '../schemas/common.ts';
import { DriftedVm, DriftKind, FleetSummary } from '../schemas/fleet.ts';
import type { Routes } from '../types.ts';

export const fleetRoutes: Routes = async (app) => {
  app.get(
    '/v1/fleet/summary',
    {
      config: { role: 'viewer' },
      schema: {
        operationId: 'getFleetSummary',
        tags: ['fleet'],
        summary: 'Count VMs and hosts',
        description: 'All numbers are of one moment.',
        response: { 200: ref(FleetSummary) },
      },
    },
    async () => {
      const summary = await summariseFleet(app.control);
      return { ...summary, vms: { ...summary.vms, matrix: [...summary.vms.matrix] } };
    },
  );

  app.get(
    '/v1/fleet/drift',
    {
      config: { role: 'viewer', refusals: ['INVALID_PAGE_TOKEN'] },
      schema: {
        operationId: 'listDriftedVms',
        tags: ['fleet'],
        summary: 'List the VMs whose pins are due to change, or could easily be lost',
        querystring: Type.Object({ ...PageQuery, kind: DriftKind }, closed),
        response: { 200: Page(ref(DriftedVm)) },
      },
    },
    async (request) => {
      const { kind } = request.query;
      const page = await pageById(request.query, (part) => listDriftedVms(app.control, kind, part));
      return { ...page, items: page.items.map(presentDriftedVm) };
    },
  );
};

function presentDriftedVm(vm: DriftedVmRecord): DriftedVm {
  const { id, name, hostId, psciVersion, next, why, acceptingHosts } = vm;
  return { vmId: id, name, hostId, psciVersion, next, why, acceptingHosts };
}
