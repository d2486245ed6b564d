// The rules of docs/architecture.md about rooms, names and sizes, as pure functions of source text.
import path from "node:path";
import { parseAst } from "vitest/node";

export interface SourceFile {
  /** From the project's folder, with slashes. */
  path: string;
  text: string;
}

export interface ParsedFile extends SourceFile {
  imports: { target: string; isTypeOnly: boolean }[];
  exportedFunctions: string[];
  exportedNames: string[];
  functionLines: number[];
  lines: number;
}

const worker = ["agents", "workspaces", "jobs", "maintenance", "worker"].map((r) => `server/${r}`);
const own = ["server/embedded-postgres", "server/supervisor", "server/auth"];
/** Stands for every room of verbs: runs, workflows, repositories and whatever noun comes next. */
const verbs = "verbs";

/** Which rooms a room may import besides itself. */
const mayImport: Record<string, string[]> = {
  "server/domain": [],
  "server/agents": ["server/domain"],
  "server/workspaces": ["server/domain"],
  "server/jobs": ["server/domain", "db"],
  [verbs]: ["server/domain", "server/jobs", "db", verbs],
  "server/auth": ["server/domain", "db", verbs],
  "server/maintenance": ["server/domain", "db", verbs, ...worker.slice(0, 3)],
  "server/doctor": ["server/domain", "db", verbs, ...worker.slice(0, 3)],
  "server/worker": ["server/domain", "db", verbs, "server/doctor", ...worker, ...own],
  "server/cli": ["server/domain", "db", verbs, ...worker, ...own],
  "server/api": ["server/domain", "server/auth", verbs],
  "server/embedded-postgres": ["server/domain"],
  "server/supervisor": [
    "server/domain",
    "db",
    "server/embedded-postgres",
    "server/auth",
    verbs,
    "server/jobs",
  ],
  db: ["server/domain"],
  components: ["server/domain"],
  app: ["server/domain", "components", "server/api", "server/auth"],
  e2e: ["server/domain"],
  root: ["server/domain", "server/api", "server/auth", "server/supervisor", "e2e"],
};
/** A member's first password and token are made by the room that checks them. */
const alsoMayImport: Record<string, string[]> = { "server/members": ["server/auth"] };
const mayImportTypesOf: Record<string, string[]> = { components: ["server/api"] };
/** A test may begin from a whole installation, and play the model and the caller. */
const testsMayImport = [
  ...["db", "server/domain", "server/embedded-postgres", "server/supervisor", "server/api", "e2e"],
];

/** Who alone may import a package: rooms or files. Tests may import any. */
const reserved: { packages: RegExp; by: string[]; reason: string }[] = [
  {
    packages: /^pg-boss$/,
    by: ["server/jobs", "db/migrate.ts"],
    reason: "the queue is known to one room",
  },
  {
    packages: /^(node:)?child_process$/,
    by: [
      ...["server/workspaces/git.ts", "server/agents", "server/supervisor", "server/worker"],
      ...["server/embedded-postgres", "e2e"],
    ],
    reason: "the web never starts a process, and git is called in one place",
  },
  {
    packages: /^(drizzle-orm|pg|postgres)(\/|$)/,
    by: [
      ...["db", "server/jobs", "server/auth", "server/maintenance", "server/worker", verbs],
      ...["server/doctor", "server/supervisor", "server/embedded-postgres", "server/cli"],
    ],
    reason: "pages, procedures, agents and workspaces do not speak SQL",
  },
  {
    packages: /^(react|react-dom|lucide-react|radix-ui)(\/|$)/,
    by: ["app", "components"],
    reason: "the server draws nothing",
  },
];

function roomOf(file: string): string {
  const [first = "", second = ""] = file.split("/");
  if (first === "server") return `server/${second}`;
  return file.includes("/") ? first : "root";
}

export function isTest(file: string): boolean {
  return /(\.(test|spec)\.tsx?|(^|\/)testing(-[a-z-]+)?\.tsx?)$/.test(file);
}

/** The row of the table that a room stands in. */
function kindOf(room: string): string {
  return room in mayImport || !room.startsWith("server/") ? room : verbs;
}

/** Each import that a room may not make, as one sentence. */
export function findWrongImports(file: ParsedFile): string[] {
  const room = roomOf(file.path);
  const isTestFile = isTest(file.path);
  return file.imports.flatMap(({ target, isTypeOnly }) => {
    const inside = resolveInside(file.path, target);
    if (inside === null) return isTestFile ? [] : findWrongPackage(file.path, room, target);
    const other = roomOf(inside);
    const allowed = [
      ...[room, ...(mayImport[kindOf(room)] ?? []), ...(alsoMayImport[room] ?? [])],
      ...(isTypeOnly ? (mayImportTypesOf[room] ?? []) : []),
      ...(isTestFile ? testsMayImport : []),
    ];
    return allowed.includes(other) || allowed.includes(kindOf(other))
      ? []
      : [`${file.path} imports ${inside}: ${room} may not use ${other}`];
  });
}

function findWrongPackage(file: string, room: string, target: string): string[] {
  if (room === "server/domain" && target !== "zod") {
    return [`${file} imports ${target}: the domain imports zod and itself`];
  }
  return reserved
    .filter(
      ({ packages, by }) =>
        packages.test(target) && !by.includes(kindOf(room)) && !by.includes(file),
    )
    .map(({ reason }) => `${file} imports ${target}: ${reason}`);
}

/** The imported file or folder inside the project; null for a package. */
function resolveInside(file: string, target: string): string | null {
  if (target.endsWith(".json")) return file; // facts, not code: anyone may read them
  if (target.startsWith("@/")) return target.slice(2);
  if (!target.startsWith(".")) return null;
  return path.posix.join(path.posix.dirname(file), target);
}

const verbWords = new Set(
  `add append apply ask assert await await begin bring build cancel capture carry check choose claim
  clone collect commit compute continue count create decide deliver describe diff drive end ensure
  fetch find finish follow get give hash hold inspect insert keep launch list load locate make measure
  mend merge migrate move open parse pick prepare probe prove publish push put read record refresh
  register release remove repack rerun rescue reset resolve restore resume retry revive revoke
  save scan search send set show snapshot start stay steer stop store stream supervise sweep take
  trim trigger update verify wait watch write`.split(/\s+/),
);

/** A file named after a verb exports that verb; no drawer collects what found no home. */
export function findWrongNames(file: ParsedFile): string[] {
  const drawer = file.path
    .split(/[/.]/)
    .find((part) => /^(utils?|helpers?|common|misc)$/.test(part));
  if (drawer) return [`${file.path}: “${drawer}” says nothing about what is inside`];
  const isNamedByFramework = /^(app|e2e)\//.test(file.path) || !file.path.includes("/");
  const words = path.posix
    .basename(file.path)
    .replace(/\.tsx?$/, "")
    .split(/[-.]/);
  const isVerb = verbWords.has(words[0] ?? "") && words.length > 1;
  if (isNamedByFramework || isTest(file.path) || !isVerb) return [];
  const expected = words.join("").toLowerCase();
  if (file.exportedNames.some((name) => name.toLowerCase() === expected)) return [];
  return [`${file.path} exports ${file.exportedNames.join(", ")}: one should bear the file's name`];
}

export interface Sizes {
  median: number;
  p90: number;
  max: number;
}

export function measure(values: number[]): Sizes {
  const sorted = [...values].sort((left, right) => left - right);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { median: at(0.5), p90: at(0.9), max: at(1) };
}

/** Each file over 300 lines and each function over 80. Tests' functions are their stories: uncounted. */
export function findTooLong(file: ParsedFile): string[] {
  const long = file.lines > 300 ? [`${file.path} has ${file.lines} lines; 300 are the most`] : [];
  if (isTest(file.path)) return long;
  const functions = file.functionLines.filter((lines) => lines > 80);
  return [
    ...long,
    ...functions.map((lines) => `${file.path} has a function of ${lines} lines; 80 are the most`),
  ];
}

interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

/** Reads imports of every form, exports and the length of each function from the syntax tree. */
export function parseFile({ path: file, text }: SourceFile): ParsedFile {
  const lang = file.endsWith("x") ? "tsx" : "ts";
  const program = parseAst(text, { lang }, file) as unknown as Node;
  const parsed: ParsedFile = {
    ...{ path: file, text, imports: [], exportedFunctions: [], exportedNames: [] },
    ...{ functionLines: [], lines: text.trimEnd().split("\n").length },
  };
  walk(program, (node) => readNode(node, parsed));
  return parsed;
}

function readNode(node: Node, parsed: ParsedFile): void {
  const source = (node.source ??
    (node.type === "TSImportType" ? node.argument : null)) as Node | null;
  if (typeof source?.value === "string") {
    const isType = node.importKind === "type" || node.exportKind === "type";
    const isTypeOnly = isType || node.type === "TSImportType";
    parsed.imports.push({ target: source.value, isTypeOnly });
  }
  if (/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) {
    parsed.functionLines.push(parsed.text.slice(node.start, node.end).split("\n").length);
  }
  if (/^Export(Named|Default)Declaration$/.test(node.type)) readExport(node, parsed);
}

function readExport(node: Node, parsed: ParsedFile): void {
  const declaration = node.declaration as Node | null;
  if (declaration?.type === "FunctionDeclaration") addFunction(declaration, parsed);
  const declared = (declaration?.declarations ?? []) as Node[];
  for (const each of [...declared, ...(declaration ? [declaration] : [])]) {
    const name = (each.id as Node | null)?.name;
    if (typeof name === "string") parsed.exportedNames.push(name);
    if ((each.init as Node | null)?.type === "ArrowFunctionExpression") addFunction(each, parsed);
  }
}

function addFunction(node: Node, parsed: ParsedFile): void {
  const name = (node.id as Node | null)?.name;
  if (typeof name === "string") parsed.exportedFunctions.push(name);
}

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child !== null && typeof child === "object" && "type" in child) walk(child, visit);
    }
  }
}
