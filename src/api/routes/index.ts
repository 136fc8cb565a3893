/** Every route of the API, by resource. A new file in this folder is named here, nowhere else. */
import type { Routes } from '../types.ts';
import { agentRoutes } from './agent.ts';
import { agentDataRoutes } from './agent-data.ts';
import { agentSnapshotRoutes } from './agent-snapshots.ts';
import { auditRoutes } from './audit.ts';
import { blobRoutes } from './blobs.ts';
import { consoleRoutes } from './console.ts';
import { drainRoutes } from './drains.ts';
import { enrolmentTokenRoutes } from './enrolment-tokens.ts';
import { eventStreamRoutes } from './event-streams.ts';
import { eventRoutes } from './events.ts';
import { fingerprintRoutes } from './fingerprints.ts';
import { fleetRoutes } from './fleet.ts';
import { healthRoutes } from './health.ts';
import { hostRoutes } from './hosts.ts';
import { imageRoutes } from './images.ts';
import { maintenanceRoutes } from './maintenance.ts';
import { metricsRoutes } from './metrics.ts';
import { migrationRoutes } from './migrations.ts';
import { networkRoutes } from './networks.ts';
import { operationRoutes } from './operations.ts';
import { preflightRoutes } from './preflights.ts';
import { psciRoutes } from './psci.ts';
import { psciPolicyRoutes } from './psci-policies.ts';
import { rolloutRoutes } from './rollouts.ts';
import { signInRoutes } from './sign-in.ts';
import { snapshotRoutes } from './snapshots.ts';
import { tokenRoutes } from './tokens.ts';
import { vmActionRoutes } from './vm-actions.ts';
import { vmRoutes } from './vms.ts';
import { webhookDeliveryRoutes } from './webhook-deliveries.ts';
import { webhookRoutes } from './webhooks.ts';

export const routes: Routes[] = [
  agentDataRoutes,
  agentRoutes,
  agentSnapshotRoutes,
  auditRoutes,
  blobRoutes,
  consoleRoutes,
  drainRoutes,
  enrolmentTokenRoutes,
  eventRoutes,
  eventStreamRoutes,
  fingerprintRoutes,
  fleetRoutes,
  healthRoutes,
  hostRoutes,
  imageRoutes,
  maintenanceRoutes,
  metricsRoutes,
  networkRoutes,
  operationRoutes,
  preflightRoutes,
  psciPolicyRoutes,
  psciRoutes,
  rolloutRoutes,
  signInRoutes,
  migrationRoutes,
  snapshotRoutes,
  tokenRoutes,
  vmActionRoutes,
  vmRoutes,
  webhookDeliveryRoutes,
  webhookRoutes,
];
