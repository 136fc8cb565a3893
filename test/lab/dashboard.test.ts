/**
 * The operators' page on a real host: whatever happens here is done in Debian's Chromium, as a person would, and is seen
 * there without a reload.
 */
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { launch, openTab, signIn } from '../browser/chromium.ts';
import { expectWhole, fleet, story } from '../support/fleet.ts';

/** Of one step: a guest boots in seconds on hardware, and on a busy emulated host in minutes. */
const PATIENCE_MS = 240_000;
/** Of one attempt to type a command. */
const ANSWER_MS = 20_000;
const ATTEMPTS = 12;
const MARKER = /marker ([0-9a-f]{16})/;

/** What the terminal shows, once it shows `pattern`. Its rows come without line ends. */
async function consoleShows(page: Page, pattern: RegExp, timeout = PATIENCE_MS): Promise<RegExpExecArray> {
  const rows = page.locator('.xterm-rows');
  let text = '';
  await expect
    .poll(
      async () => {
        text = (await rows.textContent()) ?? '';
        return text;
      },
      { timeout, interval: 250 },
    )
    .toMatch(pattern);
  const found = pattern.exec(text);
  if (found === null) throw new Error(`${pattern} is gone from ${text}`);
  return found;
}

/**
 * Types a command until the console shows what comes of it. The guest's shell asks the terminal for its cursor at each
 * prompt; the answer may come, in pieces, while the next command is being typed, and the shell then takes it for a part
 * of that. A person sees it, cancels the line and types it again.
 */
async function command(page: Page, text: string, shown: RegExp): Promise<void> {
  await page.getByText('What you type goes to the guest').waitFor();
  await page.getByLabel('Terminal input').focus();
  for (let attempt = 1; ; attempt += 1) {
    await page.keyboard.type(`${text}\n`);
    try {
      await consoleShows(page, shown, ANSWER_MS);
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await page.keyboard.press('Control+c');
    }
  }
}

it('a VM is made, watched, typed to, hibernated and resumed on the page', async () => {
  const service = await fleet();
  const { operator } = service;
  await operator.activeHost(service.emulated('7.3').name);
  const token = await service.api.adminToken();
  const name = `page-${randomUUID().slice(0, 8)}`;
  await using browser = await launch();
  await using tab = await openTab(browser, service.api.url);
  const { page } = tab;
  page.setDefaultTimeout(PATIENCE_MS);
  /** The phase beside the VM's name. */
  const phase = (words: string) => page.locator('main header').getByText(words, { exact: true });
  const events = page.getByRole('list', { name: 'Events of this VM' }).getByRole('listitem');
  const button = (words: string) => page.getByRole('button', { name: words, exact: true });

  await signIn(page, token);
  // Gone after a reload.
  await page.evaluate('globalThis.stillTheSamePage = true');
  await page.getByRole('link', { name: 'Create a VM' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Image').selectOption(service.image.id);
  await page.getByLabel('Memory (MiB)').fill(String(service.image.memoryMiB));
  await button('Add a disk').click();
  await page.getByLabel('Disk name').fill('swap');
  await page.getByLabel('Size (MiB)').fill('128');
  await page.getByRole('radio', { name: 'Its own pin' }).check();
  await page.getByRole('combobox', { name: 'PSCI version' }).selectOption('1.3');
  await page.getByRole('checkbox', { name: 'Start it when it is created' }).uncheck();
  await button('Create the VM').click();
  await page.getByRole('heading', { name, level: 1 }).waitFor();
  const vmId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  await using _vm = { [Symbol.asyncDispose]: () => operator.remove(vmId) };

  await page.getByText('can say that it hibernates').waitFor();
  await page.getByText('It has not booted yet').waitFor();
  await button('Start').click();
  await phase('running').waitFor();
  const [, marker] = await consoleShows(page, MARKER);
  await consoleShows(page, /holdfast guest ready/);
  const answer = /typed-\$.*PSCIv1\.3 detected in firmware.*typed-42/;
  await command(page, 'psci; echo typed-$((6*7))', answer);
  await page.keyboard.press('Control+]');

  await button('Hibernate').click();
  const question = page.getByRole('alertdialog', { name: `Ask ${name} to hibernate?` });
  await question.getByRole('button', { name: 'Ask it to hibernate' }).click();
  await phase('hibernated').waitFor();
  await events.filter({ hasText: /Hibernated.*operator.*SYSTEM_OFF2 under PSCI 1\.3/ }).waitFor();
  expect(await events.count()).toBe(2);
  await page.getByRole('img', { name: /^1 boot on 1 host, 2 events, .* hibernated now\./ }).waitFor();

  await button('Start').click();
  await phase('running').waitFor();
  expect((await consoleShows(page, new RegExp(`resumed, ${MARKER.source}`)))[1]).toBe(marker);
  await command(page, 'echo again-$((6*7))', /again-42/);
  await page.getByRole('img', { name: /^2 boots on 1 host, 3 events, .* running now\./ }).waitFor();
  expect(await page.evaluate('globalThis.stillTheSamePage')).toBe(true);
  expect(tab.faults).toEqual([]);

  const told = await operator.events(vmId);
  expect(story(told)).toEqual(['started by operator', 'hibernate by operator', 'started by operator']);
  expect(told[1]).toMatchObject({ hibernation: 'yes', psci: { version: '1.3', function: 'SYSTEM_OFF2' } });
  expectWhole(told);
});
