import { claude, codex, gemini, opencode, shell } from "./testing-columns";
import { testColumn } from "./testing-rows";

const ofTests = "Run “npm test”, which installs it.";

testColumn(claude, ofTests);
testColumn(codex, ofTests);
testColumn(shell, "Install bash.");

// These start slowly: “npm run test:agents” asks for them, and writes docs/agents.md of all five.
if (process.env.COPPICE_TEST_AGENTS === "all") {
  const ofAgents = "Run “npm run test:agents”, which installs it.";
  testColumn(gemini, ofAgents);
  testColumn(opencode, ofAgents);
}
