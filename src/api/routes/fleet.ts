/** Counts over the fleet. */
import { summariseFleet } from '../../control/fleet.ts';
import { ref } from '../schemas/common.ts';
import { FleetSummary } from '../schemas/fleet.ts';
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
    () => summariseFleet(app.control),
  );
};
