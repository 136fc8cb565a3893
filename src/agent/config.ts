/** What an agent is told at its start: its settings (config/agent.ts), by flags, environment and file. */
import { parseArgs } from 'node:util';
import { AGENT_SETTINGS, type AgentSettings, agentProblems } from '../config/agent.ts';
import { type ConfigFile, sectionOf } from '../config/file.ts';
import { readSettings, throwIf } from '../config/read.ts';
import { ConfigError } from '../config/setting.ts';
import { CONFIG_FLAG, flagUsage } from '../config/usage.ts';

export const AGENT_USAGE = `holdfast agent: makes this machine a host of a Holdfast fleet

${flagUsage(AGENT_SETTINGS)}
${CONFIG_FLAG}
  --driver kvm|sim               kvm, unless said; sim makes simulated hosts instead (--driver sim --help)

SIGTERM ends the agent and leaves its VMs running; an agent started again on the same state adopts them.
Under systemd that takes KillMode=process in the unit.
`;

export type AgentConfig = Readonly<AgentSettings>;

/** What the command line says. */
export interface AgentArguments {
  readonly help: boolean;
  readonly config: string | undefined;
  readonly flags: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
}

/** @throws ConfigError */
export function readArguments(args: readonly string[]): AgentArguments {
  const flags = parse(args);
  if (flags.driver !== undefined && flags.driver !== 'kvm') {
    throw new ConfigError(`--driver must be kvm or sim, not "${flags.driver}"`);
  }
  return { help: flags.help === true, config: flags.config, flags };
}

/** @throws ConfigError */
export function readConfig(
  { flags }: AgentArguments,
  env: NodeJS.ProcessEnv,
  file: ConfigFile | null = null,
): AgentConfig {
  const { values } = readSettings(AGENT_SETTINGS, { flags, env, file: sectionOf(file, 'agent') });
  throwIf(agentProblems(values));
  return values;
}

function parse(args: readonly string[]) {
  const settings = Object.values(AGENT_SETTINGS).flatMap(({ flag, kind }) =>
    flag === null
      ? []
      : [[flag, { type: 'string' as const, multiple: kind.fromTexts !== undefined }] as const],
  );
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...Object.fromEntries(settings),
        driver: { type: 'string' },
        config: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values as AgentArguments['flags'] & { driver?: string; config?: string; help?: boolean };
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}
