/** Everything that jobs look at. */
import type { Task } from './jobs.ts';
import { rolloutTask } from './rollout-look.ts';

export const TASKS: readonly Task[] = [rolloutTask];
