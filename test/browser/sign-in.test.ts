/** Signing in to the page through an issuer, with a real one on this machine that checks what the page proves to it. */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.ts';
import { TestIssuer } from '../support/issuer.ts';
import { launch, openTab, seriousFaults, type Tab } from './chromium.ts';

describe('signing in through an issuer', () => {
  let browser: Browser;
  let issuer: TestIssuer;
  let api: TestApi;
  let tab: Tab;
  let page: Page;

  beforeAll(async () => {
    execFileSync(resolve(import.meta.dirname, '../../script/build-dashboard'), { stdio: 'inherit' });
    browser = await launch();
    // The one that asks more of the page: its tokens come from elsewhere.
    issuer = await TestIssuer.start({ split: true });
    api = await startApi({
      ...{ oidcIssuer: issuer.url, oidcAudience: issuer.audience, oidcClientId: issuer.pages.clientId },
    });
    issuer.pages.origin = api.url;
  });
  afterAll(async () => {
    await browser?.close();
    await api?.[Symbol.asyncDispose]();
    await issuer?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    Object.assign(issuer.pages, { claims: { holdfast_role: 'operator' }, lifetime: 300, denies: null });
    issuer.setAway(false);
    tab = await openTab(browser, api.url);
    page = tab.page;
  });
  afterEach(async () => {
    const { faults } = tab;
    await tab[Symbol.asyncDispose]();
    const theirs = [issuer.url, issuer.tokensUrl].map((origin) => `request to ${origin}/`);
    expect(faults.filter((fault) => !theirs.some((start) => fault.startsWith(start)))).toEqual([]);
  });

  const through = () => page.getByRole('button', { name: `Sign in through ${new URL(issuer.url).host}` });
  const heading = (name: string) => page.getByRole('heading', { name, level: 1 });

  /** As if the token that the tab holds had ended just now. */
  async function endToken(): Promise<void> {
    const ended = await issuer.token(issuer.pages.claims, { lifetime: -60 });
    await page.evaluate(`{
      const session = JSON.parse(sessionStorage.getItem('holdfast.session'));
      session.token = ${JSON.stringify(ended)};
      session.grant.renewedAt = 0;
      sessionStorage.setItem('holdfast.session', JSON.stringify(session));
    }`);
    await page.reload();
  }

  it('leads to the address that was asked for, as whom the issuer says, and keeps nothing after signing out', async () => {
    await page.goto('/events?kind=poweroff');
    await through().waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await through().click();
    await heading('Events').waitFor();
    expect(new URL(page.url()).search).toBe('?kind=poweroff');
    await page.getByText(`ada of ${issuer.url}`).waitFor();
    await page.getByText('live', { exact: true }).first().waitFor();
    await page.reload();
    await heading('Events').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/sign-in');
    await through().waitFor();
    expect(await page.evaluate('sessionStorage.length + localStorage.length')).toBe(0);
    // The issuer was told who leaves, and lets nobody go on with what it gave.
    expect(issuer.pages.ended).toEqual(['ada']);
    await through().click();
    await heading('Fleet').waitFor();
  });

  it('lets the page talk to the issuer besides its own host, and to nobody else', async () => {
    const policy = (await api.request('GET', '/', { token: null })).headers.get('content-security-policy');
    expect(policy?.split('; ')).toContain(`connect-src 'self' ${issuer.url} ${issuer.tokensUrl}`);
    await page.goto('/');
    expect(await page.evaluate(`fetch('${issuer.url}/keys').then(({ status }) => status)`)).toBe(200);
  });

  it('is renewed before its end, and whoever writes a form goes on writing', async () => {
    issuer.pages.lifetime = 4;
    await page.goto('/vms/new');
    await through().click();
    await heading('Create a VM').waitFor();
    const before = issuer.pages.renewals;
    await page.evaluate("document.querySelector('h1').dataset.seen = 'yes'");
    issuer.pages.lifetime = 300;
    await expect.poll(() => issuer.pages.renewals, { timeout: 60_000 }).toBeGreaterThan(before);
    await page.getByText('live', { exact: true }).first().waitFor();
    expect(await heading('Create a VM').getAttribute('data-seen')).toBe('yes');
  });

  it('is renewed when the API refuses a token that has ended meanwhile', async () => {
    await page.goto('/events');
    await through().click();
    await heading('Events').waitFor();
    const before = issuer.pages.renewals;
    await endToken();
    await page.getByText(`ada of ${issuer.url}`).waitFor();
    await page.getByText('live', { exact: true }).first().waitFor();
    expect(issuer.pages.renewals).toBeGreaterThan(before);
  });

  it('says when it has ended, and goes on where it was', async () => {
    await page.goto('/events');
    await through().click();
    await heading('Events').waitFor();
    issuer.pages.endSessions();
    await endToken();
    await page.getByText(`Your sign-in through ${new URL(issuer.url).host} has ended.`).waitFor();
    await through().click();
    await heading('Events').waitFor();
  });

  it('tells in words what went wrong', async () => {
    const says = (words: string) => page.getByRole('alert').getByText(words).waitFor();
    await page.goto('/hosts');
    issuer.pages.denies = 'access_denied';
    await through().click();
    await says(`${issuer.url} did not sign you in: it was declined there`);
    expect(new URL(page.url()).pathname).toBe('/hosts');
    issuer.pages.denies = null;
    issuer.pages.claims = {};
    await through().click();
    await says('has no role here');
    issuer.setAway(true);
    await through().click();
    await says('does not answer');
    issuer.setAway(false);
    await page.goto('/sign-in?code=stolen&state=of-somebody-else');
    await says('not begun in this tab');
    expect(await seriousFaults(page)).toEqual([]);
  });

  it('leaves signing in with a token as it is', async () => {
    await page.goto('/sign-in');
    await page.getByLabel('API token').fill(api.adminToken);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await heading('Fleet').waitFor();
  });
});
