import os from "node:os";
import path from "node:path";
import type { Keyring } from "./keyring";
import { readKeyring } from "./read-keyring";

/** The keys of this process, as its environment says. @throws Unprocessable */
export function processKeyring(): Promise<Keyring> {
  return readKeyring(process.env.COPPICE_HOME ?? defaultHome(), process.env);
}

function defaultHome(): string {
  if (process.getuid?.() === 0) return "/var/lib/coppice";
  return path.join(os.homedir(), ".local", "share", "coppice");
}
