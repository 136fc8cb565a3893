/**
 * Builds the page into src/dashboard/dist, which the API serves at `/`.
 *
 * `npx vite --config src/dashboard/vite.config.ts` serves it with hot reload against a running API (HOLDFAST_API,
 * http://127.0.0.1:8080 by default).
 */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const api = process.env['HOLDFAST_API'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    target: 'es2023',
    outDir: 'dist',
    emptyOutDir: true,
    // The page's policy allows no `data:` font or script; every asset is a file of its own.
    assetsInlineLimit: 0,
    // Vite's polyfill is an inline script in spirit: browsers that run this page preload modules themselves.
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/v1': { target: api, ws: true } } },
});
