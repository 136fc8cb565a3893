/**
 * Writes openapi/openapi.json from the routes and src/client/schema.d.ts from it; `--check` only compares, and fails
 * when one is not what it should be.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openapiDocument } from '../src/api/openapi.ts';

// openapi-typescript prints types with the compiler API of TypeScript 5, which the project's own compiler lacks.
registerHooks({
  resolve: (specifier, context, next) =>
    next(
      specifier === 'typescript' && context.parentURL?.includes('/openapi-typescript/') === true
        ? 'typescript-5'
        : specifier,
      context,
    ),
});
const { default: openapiTypes, astToString } = await import('openapi-typescript');

const HEADER = `/** Generated from openapi/openapi.json by script/generate; do not edit. */
// biome-ignore-all format: generated
// biome-ignore-all lint: generated
`;

const document = await openapiDocument();
// A field with a default may be left out of a request; answers name what they always have by `required`.
const types = astToString(await openapiTypes(document, { alphabetize: false, defaultNonNullable: false }));
const files = {
  'openapi/openapi.json': document,
  'src/client/schema.d.ts': `${HEADER}${types}`,
};

const root = fileURLToPath(new URL('..', import.meta.url));
for (const [name, text] of Object.entries(files)) {
  const path = `${root}${name}`;
  if ((await readFile(path, 'utf8').catch(() => null)) === text) continue;
  if (process.argv.includes('--check')) {
    console.error(`${name} is not what the routes say: run script/generate and commit it.`);
    process.exitCode = 1;
    continue;
  }
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
