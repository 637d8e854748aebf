/** How the unit tests of all clients run: Node, no browser; what needs a browser is tested end to end. */
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte()],
  define: { __PDF_ASSETS__: JSON.stringify("/pdfjs/") },
  test: {
    include: ["{kit,wire,tablet,desk,screen,build}/**/*.test.ts"],
    environment: "node",
    pool: "threads",
    maxWorkers: 2,
    // Icons are Svelte files inside a package; the plugin only sees what is inlined.
    server: { deps: { inline: [/@lucide/] } },
    // pdf.js, told to close while it still loads, says so in its own worker; in Node that worker is this thread.
    onUnhandledError: (error) => error.message !== "Worker was terminated",
  },
});
