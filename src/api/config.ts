/** What `holdfast api` is told: its settings (config/api.ts), checked once at the start. */
import { API_SETTINGS, type ApiSettings, apiProblems } from '../config/api.ts';
import { type ConfigFile, sectionOf } from '../config/file.ts';
import { readSettings, throwIf } from '../config/read.ts';

export type ApiConfig = ApiSettings;

/** @throws ConfigError that names every setting that is wrong and what it may be. */
export function readConfig(env: NodeJS.ProcessEnv, file: ConfigFile | null = null): ApiConfig {
  const { values } = readSettings(API_SETTINGS, { env, file: sectionOf(file, 'api') });
  throwIf(apiProblems(values));
  return values;
}
