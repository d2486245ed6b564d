import type { StarterWorkflow } from "./starter-workflow";

/**
 * The line carries the run's id, so that a second attempt of the run does not write it twice. A pause
 * between the steps lets the page be watched.
 */
const command = `
set -euo pipefail

step() { printf '\\n\\033[1m[%s/4] %s\\033[0m\\n' "$1" "$2"; sleep 0.2; }

run="\${COPPICE_RUN_ID:-unknown}"
summary="\${COPPICE_MESSAGE:-}"
summary="\${summary%%$'\\n'*}"
summary="\${summary:0:120}"
summary="\${summary:-Hello from Coppice}"

step 1 "Who am I"
printf '%-10s %s\\n' run "$run" session "\${COPPICE_SESSION_ID:-unknown}" \\
  workspace "\${COPPICE_WORKSPACE:-$PWD}" branch "$(git branch --show-current)" \\
  commit "$(git rev-parse --short HEAD)" message "$summary"

step 2 "What is here"
git ls-files | sed -n 1,20p
printf '%s files in git, %s commits\\n' "$(git ls-files | wc -l | tr -d ' ')" "$(git rev-list --count HEAD)"

step 3 "Write a line into NOTES.md"
[ -s NOTES.md ] || printf '# Notes\\n\\n' > NOTES.md
if grep -qF -- "$run" NOTES.md; then
  echo "The line of this run is there already."
else
  printf -- '- %s %s (run %s)\\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$summary" "$run" >> NOTES.md
fi
tail -n 3 NOTES.md

step 4 "Commit it"
git add -- NOTES.md
if git diff --cached --quiet; then
  echo "Nothing new to commit."
else
  git -c user.name="\${GIT_AUTHOR_NAME:-Coppice script}" \\
    -c user.email="\${GIT_AUTHOR_EMAIL:-script@coppice.invalid}" \\
    commit --quiet -m "Note: $summary"
  git --no-pager show --stat --format='%h %s' HEAD
fi

printf '\\nDone.\\n'
`.trim();

/** A run that needs no agent: it shows within seconds that everything works. */
export const script: StarterWorkflow = {
  name: "script",
  definition: {
    description: "Needs no agent: notes the message in NOTES.md and commits it, within seconds.",
    agent: "shell",
    command,
    workspace: "temporary",
    sandbox: "auto",
    timeoutSeconds: 300,
  },
};
