/** Everything that jobs look at. */
import { drainTask } from './drain-look.ts';
import type { Task } from './jobs.ts';
import { maintenanceTask } from './maintenance-look.ts';
import { rolloutTask } from './rollout-look.ts';

export const TASKS: readonly Task[] = [rolloutTask, drainTask, maintenanceTask];
