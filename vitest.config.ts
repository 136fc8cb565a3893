import { defineConfig } from 'vitest/config';

/**
 * Other programs on the machine can starve a test of API, browser or lab of the processor for longer than it is ready
 * to wait. It gets a second try, and the end of the run tells of it.
 */
const retry = 1;

/**
 * Four suites: `unit` needs nothing, `api` needs Postgres, `browser` needs Chromium too, `lab` boots arm64 KVM hosts and
 * runs one file at a time. They run one after the other: two cores are few enough for one of them.
 */
export default defineConfig({
  test: {
    reporters: ['default', './test/support/second-tries.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'api',
          retry,
          include: ['test/api/**/*.test.ts', 'test/contract/**/*.test.ts'],
          sequence: { groupOrder: 1 },
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // Each file has a Postgres of its own, and waits for it, and for time to pass, more than it computes.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'browser',
          retry,
          include: ['test/browser/**/*.test.ts'],
          // A page follows the API within a moment, but on a busy machine a moment may be long.
          expect: { poll: { timeout: 30_000 } },
          sequence: { groupOrder: 2 },
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'lab',
          retry,
          include: ['test/lab/**/*.test.ts'],
          sequence: { groupOrder: 3 },
          // No test takes nearly as long: on a busy machine an emulated host may be ten times as slow as it is alone.
          testTimeout: 900_000,
          hookTimeout: 900_000,
          fileParallelism: false,
          // One process for all files: booted hosts are kept from one to the next (test/support/fleet.ts).
          isolate: false,
          maxWorkers: 1,
          // Of those tests of a file that say so. A guest keeps about one core busy, and few machines have fewer than two.
          maxConcurrency: 2,
        },
      },
    ],
  },
});
