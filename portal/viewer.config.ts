import { defineConfig } from 'vite';

// <mizuhiki-viewer> for other systems: one classic script, which pages on a disk may load, too
export default defineConfig({
  // there is no address of its own in a classic script
  define: { 'import.meta': '{}' },
  build: {
    target: 'es2023', outDir: 'target/viewer', emptyOutDir: true,
    lib: { entry: 'src/main/web/viewer/standalone.ts', formats: ['iife'], name: 'MizuhikiViewer', fileName: () => 'mizuhiki-viewer.js' },
  },
});
