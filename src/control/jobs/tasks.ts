/** What jobs look at, but for webhooks (webhook-dispatch.ts), which go on after their job. */
import { drainTask } from '../hosts/drain-look.ts';
import { maintenanceTask } from '../hosts/maintenance-look.ts';
import { rolloutTask } from '../rollouts/rollout-look.ts';
import { migrationTask } from '../vms/migration-look.ts';
import type { Task } from './jobs.ts';

export const TASKS: readonly Task[] = [rolloutTask, drainTask, maintenanceTask, migrationTask];
