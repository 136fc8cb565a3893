/** What jobs look at, but for webhooks (webhook-dispatch.ts), which go on after their job. */
import { drainTask } from './drain-look.ts';
import type { Task } from './jobs.ts';
import { maintenanceTask } from './maintenance-look.ts';
import { rolloutTask } from './rollout-look.ts';

export const TASKS: readonly Task[] = [rolloutTask, drainTask, maintenanceTask];
