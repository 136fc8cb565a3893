/** Writes what is made of the tables of settings: `node script/config.ts`. test/unit/config/ says when that is due. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationPage, configurationSchema } from '../src/config/document.ts';

const root = join(import.meta.dirname, '..');
writeFileSync(join(root, 'docs/configuration.md'), configurationPage());
writeFileSync(join(root, 'deploy/config.schema.json'), `${JSON.stringify(configurationSchema(), null, 2)}\n`);
