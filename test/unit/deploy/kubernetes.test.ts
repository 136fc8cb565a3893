/** The kustomize base is of valid objects that fit each other, the image and the API. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { Service } from 'kubernetes-models/v1/Service';
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { readConfig } from '../../../src/api/config.ts';
import { TABLES } from '../../../src/config/document.ts';
import { readConfigFile } from '../../../src/config/file.ts';

const ROOT = join(import.meta.dirname, '../../..');
const BASE = join(ROOT, 'deploy/kubernetes/base');
const KINDS = { Deployment, NetworkPolicy, PodDisruptionBudget, Service, ServiceAccount };

// biome-ignore lint/suspicious/noExplicitAny: objects of every kind
type Any = any;
const load = (name: string): Any => parse(readFileSync(join(BASE, name), 'utf8'));
const kustomization = load('kustomization.yaml');
const validate = (object: Any): void => {
  const Kind = KINDS[object.kind as keyof typeof KINDS];
  expect(Kind, `a kind that this test knows, not ${object.kind}`).toBeDefined();
  const model = new Kind(object);
  expect(model.toJSON()).toMatchObject({ apiVersion: object.apiVersion, kind: object.kind });
  model.validate();
};

describe('the kustomize base', () => {
  it('has every file that is there, and no other', () => {
    const files = readdirSync(BASE).filter((name) => name !== 'kustomization.yaml');
    const named = [...kustomization.resources, ...kustomization.configMapGenerator[0].files];
    expect(named.sort()).toEqual(files.sort());
  });

  it.each(kustomization.resources as string[])('has a valid object in %s', (name) => {
    const object = load(name);
    validate(object);
    expect(object.metadata.labels).toMatchObject({ 'app.kubernetes.io/name': 'holdfast' });
  });

  it('would notice an object that is not valid', () => {
    const deployment = load('deployment.yaml');
    expect(() => validate({ ...deployment, spec: { ...deployment.spec, replicas: 'three' } })).toThrow(
      /replicas/,
    );
  });

  it('selects the pods it makes, by ports and accounts they have', () => {
    const { spec } = load('deployment.yaml');
    const { labels } = spec.template.metadata;
    const pod = spec.template.spec;
    const ports = pod.containers[0].ports.map(({ name }: { name: string }) => name);
    expect(spec.selector.matchLabels).toEqual(labels);
    expect(load('disruption-budget.yaml').spec.selector.matchLabels).toEqual(labels);
    const service = load('service.yaml').spec;
    expect(service.selector).toEqual(labels);
    expect(ports).toContain(service.ports[0].targetPort);
    const policy = load('network-policy.yaml').spec;
    expect(policy.podSelector.matchLabels).toEqual(labels);
    expect(policy.ingress.map(({ ports: [first] }: Any) => first.port)).toEqual(['http', 'metrics']);
    expect(pod.serviceAccountName).toBe(load('service-account.yaml').metadata.name);
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
      expect(ports).toContain(pod.containers[0][probe].httpGet.port);
    }
    const mounted = pod.containers[0].volumeMounts.map(({ name }: { name: string }) => name);
    expect(pod.volumes.map(({ name }: { name: string }) => name)).toEqual(mounted);
    expect(pod.volumes[0].configMap.name).toBe(kustomization.configMapGenerator[0].name);
    expect(pod.containers[0].image).toBe(kustomization.images[0].name);
  });

  it('asks the API for what it answers, and tells it what it understands', async () => {
    const container = load('deployment.yaml').spec.template.spec.containers[0];
    const { paths } = JSON.parse(readFileSync(join(ROOT, 'openapi/openapi.json'), 'utf8'));
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
      expect(paths).toHaveProperty([container[probe].httpGet.path, 'get']);
    }
    const known = Object.values(TABLES.api).map(({ env }) => env);
    for (const { name } of container.env) expect([...known, 'HOLDFAST_CONFIG']).toContain(name);
    const config = readConfig({}, await readConfigFile(join(BASE, 'holdfast.yaml')));
    const portOf = (name: string) => container.ports.find((port: Any) => port.name === name).containerPort;
    expect(config).toMatchObject({ bind: '0.0.0.0', port: portOf('http'), metricsPort: portOf('metrics') });
  });

  it('gives the container nothing that it does not need', () => {
    const { automountServiceAccountToken, enableServiceLinks, securityContext, containers } =
      load('deployment.yaml').spec.template.spec;
    expect({ automountServiceAccountToken, enableServiceLinks }).toEqual({
      automountServiceAccountToken: false,
      // Else a Service named holdfast sets HOLDFAST_PORT to tcp://….
      enableServiceLinks: false,
    });
    expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
    expect(dockerfile).toContain(`\nUSER ${securityContext.runAsUser}:${securityContext.runAsGroup}\n`);
  });
});

const KUSTOMIZE = [
  ['kustomize', 'build'],
  ['kubectl', 'kustomize'],
].find(([program = '']) => spawnSync(program, ['version', '--client']).error === undefined);

describe.runIf(KUSTOMIZE !== undefined)('kustomize', () => {
  it('renders the base into valid objects', () => {
    const [program = '', verb = ''] = KUSTOMIZE ?? [];
    const { status, stdout, stderr } = spawnSync(program, [verb, BASE], { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    const objects = parseAllDocuments(stdout).map((document) => document.toJS());
    const map = objects.find(({ kind }) => kind === 'ConfigMap');
    expect(map.metadata.name).toMatch(/^holdfast-config-/);
    for (const object of objects.filter(({ kind }) => kind !== 'ConfigMap')) validate(object);
    const deployment = objects.find(({ kind }) => kind === 'Deployment');
    expect(deployment.spec.template.spec.volumes[0].configMap.name).toBe(map.metadata.name);
    expect(deployment.spec.template.spec.containers[0].image).toMatch(/^holdfast:\d/);
  });
});
