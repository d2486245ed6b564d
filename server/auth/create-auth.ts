import { betterAuth } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { createAuthMiddleware } from "better-auth/api";
import type { Database } from "@/db/client";
import { credentials, members, signIns, verifications } from "@/db/schema";
import { passwordLength } from "./password";
import type { Addresses } from "./read-addresses";
import { recordSignIn, recordSignOut } from "./record-sign-in";

const signInSeconds = 7 * 24 * 3600;

export interface AuthParts {
  db: Database;
  secret: string;
  addresses: Addresses;
}

/**
 * Sign-in by email and password. Accounts are made by set-up and by admins only; a sign-in lasts its
 * time and no longer, and is read from the database at every request, so that ending it ends it.
 */
export function createAuth({ db, secret, addresses }: AuthParts) {
  return betterAuth({
    appName: "Coppice",
    baseURL: addresses.publicUrl,
    basePath: "/api/auth",
    secret,
    trustedOrigins: [...addresses.origins],
    telemetry: { enabled: false },
    logger: { level: "error" },
    database: drizzleAdapter(db, {
      provider: "pg",
      schema: {
        user: members,
        session: signIns,
        account: credentials,
        verification: verifications,
      },
      transaction: true,
    }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLength.min,
      maxPasswordLength: passwordLength.max,
    },
    user: { additionalFields: { role: { type: "string", input: false, defaultValue: "viewer" } } },
    session: {
      expiresIn: signInSeconds,
      disableSessionRefresh: true,
      cookieCache: { enabled: false },
    },
    rateLimit: {
      enabled: true,
      window: 60,
      max: 120,
      customRules: { "/sign-in/email": { window: 30, max: 10 } },
    },
    advanced: {
      cookiePrefix: "coppice",
      useSecureCookies: addresses.publicUrl.startsWith("https:"),
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax" },
    },
    hooks: {
      // A stolen sign-in does not outlive the password it was stolen with.
      before: createAuthMiddleware(async (ctx) => {
        if (ctx.path !== "/change-password") return;
        return { context: { body: { ...ctx.body, revokeOtherSessions: true } } };
      }),
    },
    databaseHooks: {
      session: {
        create: { after: (signIn) => recordSignIn(db, signIn) },
        delete: { after: (signIn) => recordSignOut(db, signIn) },
      },
    },
  });
}

export type Auth = ReturnType<typeof createAuth>;
