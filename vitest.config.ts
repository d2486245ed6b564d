import path from "node:path";
import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": path.resolve(import.meta.dirname) } },
  test: {
    include: ["**/*.test.ts"],
    exclude: [...configDefaults.exclude, ".next/**", "dist/**", "e2e/**/*.spec.ts"],
    globalSetup: ["./server/embedded-postgres/start-test-database.ts", "./db/testing-template.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
