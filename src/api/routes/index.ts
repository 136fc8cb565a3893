/** Every route of the API, by resource. A new file in this folder is named here, nowhere else. */
import type { Routes } from '../types.ts';
import { auditRoutes } from './audit.ts';
import { blobRoutes } from './blobs.ts';
import { fleetRoutes } from './fleet.ts';
import { healthRoutes } from './health.ts';
import { hostRoutes } from './hosts.ts';
import { imageRoutes } from './images.ts';
import { psciRoutes } from './psci.ts';
import { tokenRoutes } from './tokens.ts';

export const routes: Routes[] = [
  auditRoutes,
  blobRoutes,
  fleetRoutes,
  healthRoutes,
  hostRoutes,
  imageRoutes,
  psciRoutes,
  tokenRoutes,
];
