/**
 * Writes openapi/released.json: what of openapi/openapi.json callers rely on, without what is only for reading. Run it
 * when a version is released; from then on the tests refuse what would break its callers.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const PROSE = ['description', 'summary', 'example', 'examples', 'tags', 'externalDocs'];

const folder = fileURLToPath(new URL('../openapi/', import.meta.url));
const document = JSON.parse(await readFile(`${folder}openapi.json`, 'utf8'));
const { openapi, info, paths, components } = bare(document) as Record<string, Record<string, object>>;

// One line for each path and each schema: short enough to keep, and a diff names what changed.
const lines = (items: Record<string, object> = {}) =>
  Object.entries(items)
    .map(([name, item]) => `${JSON.stringify(name)}: ${JSON.stringify(item)}`)
    .join(',\n');
const schemas = components?.schemas as Record<string, object> | undefined;
await writeFile(
  `${folder}released.json`,
  `{"openapi": ${JSON.stringify(openapi)}, "info": ${JSON.stringify(info)},\n"paths": {\n${lines(paths)}\n},\n` +
    `"components": {"schemas": {\n${lines(schemas)}\n}}}\n`,
);

/** Without prose and without refusals: codes may come and go. */
function bare(value: unknown, within = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => bare(item));
  if (typeof value !== 'object' || value === null) return value;
  const named = within === 'properties' || within === 'schemas' || within === 'paths';
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => named || !PROSE.includes(key))
      .filter(([key]) => within !== 'responses' || key < '400')
      .map(([key, item]) => [key, bare(item, named ? '' : key)]),
  );
}
