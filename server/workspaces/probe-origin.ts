import { DomainError } from "@/server/domain/errors";
import { git } from "./git";
import { explainOriginFailure, reachOrigin } from "./reach-origin";

/**
 * Asks an origin that is registered for its HEAD, as a fetch would reach it. Waits at most 30 seconds.
 * @returns why it cannot be read, in words; null when it answers.
 */
export async function probeOrigin(input: { home: string; origin: string }): Promise<string | null> {
  try {
    const { address, flags, options } = await reachOrigin(input.origin);
    await git(["ls-remote", ...flags, "--", address, "HEAD"], {
      home: input.home,
      timeoutSeconds: 30,
      ...options,
    }).catch((error: unknown) => {
      throw explainOriginFailure(error, address);
    });
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error.message;
    throw error;
  }
}
