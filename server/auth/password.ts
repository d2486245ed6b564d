import { hashPassword as hash } from "better-auth/crypto";
import { z } from "zod";

export const passwordLength = { min: 12, max: 128 } as const;

export const passwordSchema = z
  .string()
  .min(passwordLength.min, `At least ${passwordLength.min} characters.`)
  .max(passwordLength.max, `At most ${passwordLength.max} characters.`);

/** scrypt with a salt of its own, in the form that sign-in reads. Takes tens of milliseconds. */
export async function hashPassword(password: string): Promise<string> {
  return hash(password);
}
