import type { DoctorReport, FixOutcome } from "@/server/domain/difference";
import { DomainError } from "@/server/domain/errors";
import type { CommandContext } from "./command";
import type { Json } from "./open-rest-client";
import { paintFor } from "./paint";
import { UsageError } from "./parse-arguments";

/**
 * Goes through what can be fixed from here: says exactly what it will do, has it agreed to unless
 * `isAgreed`, and does it. A refusal is told and the next one is tried.
 * @throws UsageError when nobody is there to be asked; nothing was done then.
 */
export async function fixDifferences(
  { terminal, client }: CommandContext,
  differences: Json<DoctorReport>["differences"],
  isAgreed: boolean,
): Promise<void> {
  const paint = paintFor(terminal);
  for (const { key, title, fixes } of differences) {
    const [fix] = fixes;
    if (!fix) continue;
    terminal.complain(`\n${paint("bold", title)}`);
    const { action, label, steps } = fix;
    terminal.complain(`${label}:`);
    for (const step of steps) terminal.complain(`  - ${step}`);
    const answer = isAgreed || (await terminal.confirm("Do this?"));
    if (answer === null) {
      throw new UsageError("Nobody is here to be asked; --yes carries the fixes out unasked.");
    }
    if (!answer) {
      terminal.complain("Left as it is.");
      continue;
    }
    try {
      const { done } = await client.send<FixOutcome>("POST", "/doctor/fix", { key, action, steps });
      for (const line of done) terminal.complain(`  ${paint("green", "✓")} ${line}`);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      terminal.complain(`  ${paint("red", "✗")} ${error.message}`);
      if (error.hint) terminal.complain(`    ${error.hint}`);
    }
  }
}
