/**
 * `holdfast agent`: this machine as a host of a fleet.
 *
 * Exit codes: 0 told to end; 1 an error that should not be; 2 wrong usage, or the API refuses to enrol this host;
 * 3 this machine cannot be a host, or another agent has the state directory.
 */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { configPath, readConfigFile } from '../config/file.ts';
import { ConfigError } from '../config/setting.ts';
import { openTracing } from '../trace/spans.ts';
import { AGENT_USAGE, readArguments, readConfig } from './config.ts';
import { NotAHostError } from './probe.ts';
import type { WorkerCommand } from './spawn.ts';

/** `workers` is how workers of this agent's version are started. @returns the process's exit code. */
export async function main(args: readonly string[], workers: WorkerCommand): Promise<number> {
  try {
    const given = readArguments(args);
    if (given.help) {
      process.stdout.write(AGENT_USAGE);
      return 0;
    }
    const path = configPath(given.config, process.env);
    const config = readConfig(given, process.env, path === null ? null : await readConfigFile(path));
    // For this process, and by the environment for workers and their threads: it halves the time until a guest runs.
    process.env.NODE_COMPILE_CACHE ??= join(config.state, 'compile-cache');
    enableCompileCache(process.env.NODE_COMPILE_CACHE);
    const { serve } = await import('./serve.ts');
    const closeTracing = await openTracing('holdfast-agent', process.env);
    return await serve(config, workers).finally(closeTracing);
  } catch (error) {
    if (!(error instanceof ConfigError) && !(error instanceof NotAHostError)) throw error;
    process.stderr.write(`holdfast agent: ${error.message}\n`);
    return error instanceof ConfigError ? 2 : 3;
  }
}
