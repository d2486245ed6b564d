import { z } from "zod";
import { DomainError, errorCodes } from "@/server/domain/errors";

const refusalSchema = z.object({
  code: z.enum(errorCodes).catch("internal"),
  message: z.string(),
  hint: z.string().optional(),
  fields: z.record(z.string(), z.string()).optional(),
});

/** The error by which a worker refused a request, as it was thrown there. */
export function reviveRefusal(answer: unknown): DomainError {
  const refusal = refusalSchema.safeParse(answer);
  if (!refusal.success) {
    return new DomainError("internal", "The worker refused the request without saying why.", {
      cause: refusal.error,
    });
  }
  const { code, message, hint, fields } = refusal.data;
  return new DomainError(code, message, {
    ...(hint === undefined ? {} : { hint }),
    ...(fields === undefined ? {} : { fields }),
  });
}
