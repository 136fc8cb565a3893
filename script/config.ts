/** Writes what is made of the tables of settings: `node script/config.ts`. test/unit/config/ says when that is due. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationPage, configurationSchema } from '../src/config/document.ts';

const root = join(import.meta.dirname, '..');
const schema = join(root, 'deploy/config.schema.json');
writeFileSync(join(root, 'docs/configuration.md'), configurationPage());
writeFileSync(schema, JSON.stringify(configurationSchema()));
execFileSync('npx', ['biome', 'format', '--write', schema], { cwd: root, stdio: 'inherit' });
