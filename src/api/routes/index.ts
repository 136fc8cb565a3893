/** Every route of the API, by resource. A new file in this folder is named here, nowhere else. */
import type { Routes } from '../types.ts';
import { healthRoutes } from './health.ts';
import { tokenRoutes } from './tokens.ts';

export const routes: Routes[] = [healthRoutes, tokenRoutes];
