/** What is made of the tables of settings is up to date, and right. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { configurationPage, configurationSchema } from '../../../src/config/document.ts';

const root = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe('the documents of the configuration', () => {
  it('are those of the settings: run node script/config.ts', () => {
    expect(read('docs/configuration.md')).toBe(configurationPage());
    expect(JSON.parse(read('deploy/config.schema.json'))).toEqual(configurationSchema());
  });

  it('have a schema that takes what is right and refuses what is wrong', () => {
    const ajv = new Ajv2020({ strict: true });
    formats.default(ajv);
    const validate = ajv.compile(configurationSchema());
    expect(validate({ api: { port: 80 }, agent: { api: 'https://x.example', labels: { zone: 'b' } } })).toBe(
      true,
    );
    for (const wrong of [
      { api: { prot: 80 } },
      { api: { port: '80' } },
      { agent: { labels: { '': 'x' } } },
      { web: {} },
    ]) {
      expect(validate(wrong)).toBe(false);
    }
  });
});
