import { z } from "zod";
import { passwordSchema } from "@/server/auth/password";
import { limits } from "@/server/domain/limits";

/** What a new account is made of. */
export const personFields = {
  name: z
    .string()
    .trim()
    .min(1)
    .max(limits.maxNameLength)
    .regex(/^\P{Cc}*$/u, "No line breaks or control characters."),
  email: z.email().max(254),
  password: passwordSchema,
};
