import { writeFileSync } from "node:fs";
import { e2e } from "./place";
import { startCoppice } from "./start-coppice.mjs";

/** One Coppice for all browser tests; what they must know of it goes to them by the environment. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const coppice = await startCoppice({ port: e2e.port, home: e2e.home, token: e2e.token });
  process.env.COPPICE_E2E_SETUP_URL = coppice.setupUrl;
  process.env.COPPICE_E2E_MODEL_URL = coppice.model.url;
  process.env.COPPICE_E2E_PID = String(coppice.pid);
  return async () => {
    await coppice.stop();
    if (process.env.COPPICE_E2E_LOG) {
      writeFileSync(process.env.COPPICE_E2E_LOG, coppice.lines.join(""));
    }
  };
}
