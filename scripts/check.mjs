// `npm run check`: the static gates alone, in seconds.
import { runGates } from "./run-gates.mjs";

const { passed, failed, skipped } = runGates();
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 ? 1 : 0);
