import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings, saveSettings } from '../../../src/commands/settings.ts';
import { temporaryDirectory } from '../../temporary.ts';

describe('the address and the token', () => {
  it('come from flags before the environment, and from that before the file', () => {
    using home = temporaryDirectory();
    const saved = { XDG_CONFIG_HOME: home.path };
    const path = saveSettings({ api: 'https://saved.example', token: 'saved' }, saved);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readSettings({}, saved)).toEqual({ api: 'https://saved.example', token: 'saved' });
    const environment = { ...saved, HOLDFAST_API: 'https://env.example/', HOLDFAST_TOKEN: 'env' };
    expect(readSettings({}, environment)).toEqual({ api: 'https://env.example', token: 'env' });
    const file = join(home.path, 'token');
    writeFileSync(file, 'flag\n');
    expect(readSettings({ api: 'https://flag.example', tokenFile: file }, environment)).toEqual({
      ...{ api: 'https://flag.example', token: 'flag' },
    });
  });

  it('belong together: a saved token goes nowhere else', () => {
    using home = temporaryDirectory();
    const saved = { XDG_CONFIG_HOME: home.path };
    saveSettings({ api: 'https://saved.example', token: 'saved' }, saved);
    expect(() => readSettings({ api: 'https://other.example' }, saved)).toThrow(
      /no token for https:\/\/other/,
    );
  });

  it.each(['ftp://x', 'example.com', 'http:///x'])('refuse the address %s', (api) => {
    expect(() => readSettings({ api, token: 't' }, { XDG_CONFIG_HOME: '/nowhere' })).toThrow(/must be a URL/);
  });
});
