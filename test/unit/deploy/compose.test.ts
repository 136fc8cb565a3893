/** compose.yaml names what is there: files, settings, ports, conditions that can come true. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../../src/api/config.ts';

const DEPLOY = join(import.meta.dirname, '../../../deploy');
const FILE = join(DEPLOY, 'compose.yaml');
const load = (path: string) => parse(readFileSync(join(DEPLOY, path), 'utf8'));
const { services, volumes } = load('compose.yaml');

describe('compose.yaml', () => {
  it('mounts volumes and files that are there', () => {
    for (const { volumes: mounts } of Object.values<{ volumes: string[] }>(services)) {
      for (const [source = ''] of mounts.map((mount) => mount.split(':'))) {
        const there = source.startsWith('.') ? existsSync(join(DEPLOY, source)) : source in volumes;
        expect(there, source).toBe(true);
      }
    }
  });

  it('tells the API what it understands, and waits for a Postgres whose health is looked at', () => {
    const { environment, depends_on, ports } = services.api;
    const given = Object.entries<string | number>(environment).map(([name, value]) => [
      name,
      String(value).replace(/\$\{(\w+)[^}]*\}/, 'secret'),
    ]);
    const config = readConfig(Object.fromEntries(given));
    expect(config).toMatchObject({ bind: '0.0.0.0', metricsPort: 9464 });
    expect(new URL(config.databaseUrl ?? '')).toMatchObject({
      hostname: 'postgres',
      username: services.postgres.environment.POSTGRES_USER,
      pathname: `/${services.postgres.environment.POSTGRES_DB}`,
    });
    expect(depends_on.postgres.condition).toBe('service_healthy');
    expect(services.postgres.healthcheck.test).toContain('pg_isready');
    expect(ports).toEqual([`127.0.0.1:8080:${config.port}`]);
  });

  it('scrapes the port for monitoring, and shows the dashboard', () => {
    const [job] = load('prometheus/prometheus.yml').scrape_configs;
    expect(job.static_configs).toEqual([
      { targets: [`api:${services.api.environment.HOLDFAST_METRICS_PORT}`] },
    ]);
    expect(load('prometheus/prometheus.yml').rule_files).toEqual(['alerts.yaml']);
    const [source] = load('grafana/provisioning/datasources/prometheus.yaml').datasources;
    expect(source.url).toBe('http://prometheus:9090');
    const [provider] = load('grafana/provisioning/dashboards/holdfast.yaml').providers;
    const target = services.grafana.volumes
      .find((mount: string) => mount.includes('holdfast.json'))
      .split(':')[1];
    expect(target).toBe(join(provider.options.path, 'holdfast.json'));
  });
});

/** The first version knew no `name`. */
const compose = [['docker', 'compose'], ['docker-compose']].find(([program = '', ...verb]) => {
  const { status, stdout } = spawnSync(program, [...verb, 'version', '--short'], { encoding: 'utf8' });
  return status === 0 && !stdout.startsWith('1.');
});

describe.runIf(compose !== undefined)('docker compose', () => {
  it('understands it', () => {
    const [program = '', ...verb] = compose ?? [];
    const { status, stderr } = spawnSync(program, [...verb, '-f', FILE, 'config', '--quiet'], {
      encoding: 'utf8',
      env: { ...process.env, POSTGRES_PASSWORD: 'secret' },
    });
    expect(status, stderr).toBe(0);
  });
});
