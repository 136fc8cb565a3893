/** What the browser tests of one file share: the built page, a browser, an API, and a tab for each test. */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { startApi, type TestApi } from '../support/api.ts';
import { launch, openTab, type Tab } from './chromium.ts';

export interface Setup {
  readonly api: TestApi;
  readonly browser: Browser;
  /** The test's own; what went wrong in it unseen fails the test. */
  readonly page: Page;
}

/** To be called once, outside any test. Its fields are there in hooks and tests only. */
export function dashboard(): Setup {
  let api: TestApi;
  let browser: Browser;
  let tab: Tab;
  beforeAll(async () => {
    execFileSync(resolve(import.meta.dirname, '../../script/build-dashboard'), { stdio: 'inherit' });
    api = await startApi();
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await api?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    tab = await openTab(browser, api.url);
  });
  afterEach(async () => {
    const { faults } = tab;
    await tab[Symbol.asyncDispose]();
    expect(faults).toEqual([]);
  });
  return {
    get api() {
      return api;
    },
    get browser() {
      return browser;
    },
    get page() {
      return tab.page;
    },
  };
}
