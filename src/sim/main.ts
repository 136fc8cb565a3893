/** `holdfast agent --driver sim`: many simulated hosts in one process. Exit codes are the agent's (agent/main.ts). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { lockState } from '../agent/lock.ts';
import { makeDirectory } from '../agent/store.ts';
import { ConfigError } from '../config/setting.ts';
import { openTracing } from '../trace/spans.ts';
import { readSimConfig, SIM_USAGE, type SimConfig } from './config.ts';
import { SimHost } from './host.ts';

/** Hosts that enrol at the same time. */
const AT_ONCE = 8;

/** @returns the process's exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const config = readSimConfig(args, process.env);
    if (config === null) {
      process.stdout.write(SIM_USAGE);
      return 0;
    }
    makeDirectory(config.state);
    const lock = await lockState(config.state);
    if (lock === null) {
      process.stderr.write(`holdfast agent: another process has ${config.state}: end it first\n`);
      return 3;
    }
    const closeTracing = await openTracing('holdfast-agent', process.env);
    await serve(config).finally(closeTracing);
    lock.close();
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`holdfast agent: ${error.message}\n`);
    return 2;
  }
}

async function serve(config: SimConfig): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  const log = pino({ level: config.logLevel, base: { process: 'sim' } });
  const tokens = readTokens(config.enrolmentTokenFile);
  const hosts: SimHost[] = [];
  const waiting = Array.from({ length: config.count }, (_, index) => index);
  const enrolAll = async (): Promise<void> => {
    for (let index = waiting.shift(); index !== undefined && !stop.signal.aborted; index = waiting.shift()) {
      const host = await boot(config, index, tokens[index] ?? null, log, stop.signal);
      host?.start();
      if (host !== null) hosts.push(host);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, enrolAll));
  process.stdout.write(`${hosts.length} simulated hosts are up\n`);
  await sleep(2 ** 31 - 1, undefined, { signal: stop.signal }).catch(() => undefined);
  await Promise.all(hosts.map((host) => host.crash()));
}

async function boot(
  config: SimConfig,
  index: number,
  enrolmentToken: string | null,
  log: pino.Logger,
  signal: AbortSignal,
): Promise<SimHost | null> {
  const { api, labels, capacity, kernels } = config;
  const name = `${config.prefix}-${index + 1}`;
  const kernel = kernels[index % kernels.length];
  if (kernel === undefined) throw new ConfigError('--kernel names no kernel');
  const state = join(config.state, name);
  return await SimHost.boot({ api, state, name, labels, kernel, capacity, enrolmentToken, log }, signal);
}

function readTokens(path: string | null): string[] {
  if (path === null) return [];
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
  } catch (error) {
    throw new ConfigError(
      `cannot read the enrolment tokens: ${error instanceof Error ? error.message : error}`,
    );
  }
}
