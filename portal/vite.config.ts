import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// one script a page, one for the worker; no preload helper, so that nothing is added to the page at run time
export default defineConfig({
  base: '/portal/',
  plugins: [svelte()],
  build: { target: 'es2023', modulePreload: false, cssCodeSplit: false, assetsInlineLimit: 0, outDir: 'target/dist', emptyOutDir: true },
  worker: { format: 'es' },
  test: { include: ['src/test/web/**/*.test.ts'], environment: 'node', testTimeout: 60_000 },
});
