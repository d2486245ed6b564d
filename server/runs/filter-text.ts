import { z } from "zod";

/** A short text to compare with. PostgreSQL takes no NUL: it is refused here, by the field's name. */
export const filterTextSchema = z
  .string()
  .max(500)
  .refine((text) => !text.includes("\u0000"), "It contains a NUL character.");
