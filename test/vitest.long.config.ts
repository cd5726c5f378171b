import { defineConfig } from "vitest/config";

// Learning checks: each trains for minutes, one after the other, on every core.
export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["test/**/*.long.test.ts"],
    testTimeout: 3_600_000,
    hookTimeout: 3_600_000,
    fileParallelism: false,
  },
});
