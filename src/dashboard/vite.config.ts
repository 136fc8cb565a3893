/**
 * Builds the page into src/dashboard/dist, which the API serves at `/`.
 *
 * `npx vite --config src/dashboard/vite.config.ts` serves it with hot reload against a running API (HOLDFAST_API,
 * http://127.0.0.1:8080 by default).
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const api = process.env.HOLDFAST_API ?? 'http://127.0.0.1:8080';
const COMPRESSIBLE = /\.(js|css|html|svg)$/;

/** Puts a .br and a .gz beside every text file, so that the API compresses nothing while it serves. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    async writeBundle({ dir = '' }) {
      const files = (await readdir(dir, { recursive: true })).filter((name) => COMPRESSIBLE.test(name));
      for (const name of files) {
        const bytes = await readFile(join(dir, name));
        await writeFile(join(dir, `${name}.br`), await promisify(brotliCompress)(bytes));
        await writeFile(join(dir, `${name}.gz`), await promisify(gzip)(bytes, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), compressed()],
  build: {
    target: 'es2023',
    outDir: 'dist',
    emptyOutDir: true,
    // The page's policy allows no `data:` address; every asset is a file of its own.
    assetsInlineLimit: 0,
    // Browsers that run this target preload modules by themselves.
    modulePreload: { polyfill: false },
    // The budget is for what goes over the wire, and test/api/contract/dashboard.test.ts keeps it.
    chunkSizeWarningLimit: 1_000,
  },
  server: { proxy: { '/v1': { target: api, ws: true } } },
});
