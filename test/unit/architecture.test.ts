import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = resolve(import.meta.dirname, '../../src');

/** What each folder of src/ may import besides itself, as drawn in ARCHITECTURE.md. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  bundle: [],
  psci: [],
  image: [],
  wire: ['psci'],
  config: ['wire', 'psci'],
  trace: ['wire'],
  kvm: ['psci'],
  snapshot: ['wire', 'psci'],
  machine: ['kvm', 'image', 'snapshot', 'wire', 'psci'],
  worker: ['machine', 'snapshot', 'wire', 'psci'],
  agent: ['worker', 'snapshot', 'kvm', 'config', 'trace', 'wire', 'psci'],
  sim: ['agent', 'worker', 'config', 'trace', 'wire', 'psci'],
  control: ['trace', 'wire', 'image', 'psci'],
  api: ['control', 'config', 'trace', 'wire', 'psci'],
  client: [],
  commands: ['client'],
  dashboard: ['client'],
  lab: ['bundle'],
  standalone: ['lab', 'api', 'control', 'worker', 'client', 'wire', 'psci'],
};

/** Packages that belong to one folder. */
const OWNED_PACKAGES: Record<string, readonly string[]> = {
  koffi: ['kvm'],
  'prom-client': ['api'],
  '@opentelemetry/api': ['trace'],
  '@opentelemetry/sdk-trace-node': ['trace'],
  fastify: ['api'],
  '@prisma/client': ['control'],
  '@prisma/adapter-pg': ['control'],
  pg: ['control'],
};

/** Of the worker, the agent may know the data formats only. */
const WORKER_FORMATS = new Set([
  'worker/journal.ts',
  'worker/protocol.ts',
  'worker/files.ts',
  'worker/identity.ts',
]);

function sourceFiles(): string[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'))
    .filter((path) => !path.startsWith('control/prisma/') && !path.includes('node_modules'));
}

/** Every specifier a file imports, statically or not. */
function imports(path: string): string[] {
  const text = readFileSync(join(SRC, path), 'utf8');
  const pattern = /(?:\bfrom\s+|\bimport\s+|\bimport\(\s*|new URL\(\s*)'([^']+)'/g;
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}

const folderOf = (path: string) => path.split('/')[0] ?? '';

describe('imports run downward', () => {
  const files = sourceFiles();

  it('finds the sources', () => {
    expect(files.length).toBeGreaterThan(50);
  });

  it('knows every folder', () => {
    const folders = new Set(files.filter((path) => path.includes('/')).map(folderOf));
    expect([...folders].filter((folder) => !(folder in MAY_IMPORT))).toEqual([]);
  });

  it('has no import that runs upward', () => {
    const upward: string[] = [];
    for (const path of files.filter((file) => file.includes('/'))) {
      for (const specifier of imports(path).filter((name) => name.startsWith('.'))) {
        const target = relative(SRC, resolve(SRC, dirname(path), specifier));
        if (target.startsWith('..')) continue;
        const [from, to] = [folderOf(path), folderOf(target)];
        if (from !== to && !MAY_IMPORT[from]?.includes(to)) upward.push(`${path} → ${target}`);
        if (from === 'agent' && to === 'worker' && !WORKER_FORMATS.has(target))
          upward.push(`${path} → ${target}`);
      }
    }
    expect(upward).toEqual([]);
  });

  it('keeps each package in its folder', () => {
    const strays: string[] = [];
    for (const path of files) {
      for (const specifier of imports(path)) {
        const owners = OWNED_PACKAGES[specifier];
        if (owners !== undefined && !owners.includes(folderOf(path))) strays.push(`${path} → ${specifier}`);
      }
    }
    expect(strays).toEqual([]);
  });
});
