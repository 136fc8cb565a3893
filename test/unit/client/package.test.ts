/** The client as a package: built, installed elsewhere, used from JavaScript and checked from TypeScript. */
import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../temporary.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const run = promisify(execFile);

describe('the client as a package', () => {
  it('can be built, imported and type-checked from outside', async () => {
    using project = temporaryDirectory();
    const modules = join(project.path, 'node_modules');
    mkdirSync(join(modules, '@holdfast'), { recursive: true });
    for (const name of ['openapi-fetch', 'openapi-typescript-helpers'])
      symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
    await run(join(ROOT, 'script/build-client'), [join(modules, '@holdfast/client')]);

    const program = `import { createClient, ProblemError, unwrap } from '@holdfast/client';
      const answer = new Response('{"items":[],"nextPageToken":null}', { headers: { 'content-type': 'application/json' } });
      const client = createClient({ baseUrl: 'http://api.test', token: 't', fetch: async () => answer });
      const { items } = unwrap(await client.GET('/v1/vms'));
      console.log(items.length, ProblemError.name);`;
    writeFileSync(join(project.path, 'program.mjs'), program);
    const { stdout } = await run(process.execPath, [join(project.path, 'program.mjs')]);
    expect(stdout).toBe('0 ProblemError\n');

    const wrong = `${program}\n// @ts-expect-error there is no such path\nawait client.GET('/v1/nothing');\n`;
    writeFileSync(
      join(project.path, 'program.ts'),
      `${wrong}const name: string | undefined = items[0]?.name;\nvoid name;`,
    );
    writeFileSync(
      join(project.path, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          ...{
            strict: true,
            noEmit: true,
            module: 'nodenext',
            target: 'es2024',
            types: [],
            lib: ['es2024', 'dom'],
          },
          skipLibCheck: false,
        },
        files: ['program.ts'],
      }),
    );
    writeFileSync(join(project.path, 'package.json'), '{ "type": "module" }');
    const checked = await run(process.execPath, [
      join(ROOT, 'node_modules/typescript/bin/tsc'),
      '-p',
      project.path,
    ]).then(
      () => '',
      ({ stdout: said }: { stdout: string }) => said,
    );
    expect(checked).toBe('');
  });
});
