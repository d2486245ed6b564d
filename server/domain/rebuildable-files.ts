/** Folders and files that builds, package managers and tools make again from what is in the repository. */
const folders = new Set([
  ...[
    "node_modules",
    "bower_components",
    ".pnpm-store",
    ".yarn",
    ".npm",
    ".next",
    ".nuxt",
    ".output",
  ],
  ...[".svelte-kit", ".turbo", ".parcel-cache", ".vite", ".angular", ".nyc_output", ".eslintcache"],
  ...[
    "__pycache__",
    ".venv",
    "venv",
    ".tox",
    ".nox",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
  ],
  ...[
    "target",
    "dist",
    "build",
    "out",
    "obj",
    "_build",
    ".gradle",
    ".cache",
    "coverage",
    "htmlcov",
  ],
  ...[".terraform", ".dart_tool", "Pods", "DerivedData", ".bundle", ".stack-work", ".elixir_ls"],
]);
const files =
  /\.(?:pyc|pyo|o|obj|a|so|lo|la|class|tsbuildinfo|gcda|gcno|hi|beam)$|^(?:\.DS_Store|Thumbs\.db)$/;

/** Whether an ignored path looks like something that is made again. In doubt it does not. */
export function looksRebuildable(name: string): boolean {
  const parts = name.replace(/\/$/, "").split("/");
  return parts.some((part) => folders.has(part)) || files.test(parts.at(-1) ?? "");
}
