import { afterAll, afterEach, beforeAll, expect, jest } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { ConsoleStack } from './console-stack.ts';
import { openBrowser, openTab, type Tab } from './open-browser.ts';

export interface ConsoleSession {
  readonly stack: ConsoleStack;
  /** Opens a page of the console, as a new visitor. */
  visit(path: string, options?: BrowserContextOptions): Promise<Page>;
}

/** A browser and a running Baton for all tests of a file. No test may leave complaints of a page behind: errors, or what its policy stopped. */
export function consoleSession(start: () => Promise<ConsoleStack> = () => ConsoleStack.start()) {
  jest.setTimeout(600_000);
  let browser: Browser | undefined;
  let stack: ConsoleStack | undefined;
  const tabs: Tab[] = [];

  beforeAll(async () => {
    browser = await openBrowser();
    stack = await start();
  });

  afterEach(async () => {
    const complaints = tabs.flatMap((tab) => tab.complaints);
    await Promise.all(tabs.splice(0).map(({ page }) => page.context().close()));
    expect(complaints).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });

  const session: ConsoleSession = {
    get stack() {
      if (stack === undefined) throw new Error('the stack has not started');
      return stack;
    },
    visit: async (path, options = {}) => {
      if (browser === undefined) throw new Error('the browser has not started');
      const tab = await openTab(browser, options);
      tabs.push(tab);
      await tab.page.goto(`${session.stack.url}/console${path}`);
      return tab.page;
    },
  };
  return session;
}
