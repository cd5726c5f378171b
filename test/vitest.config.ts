import { defineConfig } from "vitest/config";

// Fast suites first; the ones that train, spawn the command line or drive a browser come after them.
export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["test/**/*.test.ts"],
    exclude: ["test/**/*.long.test.ts", "node_modules", "dist"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    // Browsers on a busy machine now and then stall for a second. Whatever is wrong fails twice.
    retry: process.env.CI ? 1 : 0,
  },
});
