/** What each agent says it did, one line a deed, in these files of the message's folder. */
export const evidenceFiles = { commits: "commits", left: "left" } as const;

/**
 * The shell agent of the soak. Its message is `<folder>|<seconds>|<exit code>`: it prints, commits, leaves
 * a file, works on for so long, commits once more and leaves another. Names are its attempt's own.
 */
export const agentCommand = `set -e
IFS='|' read -r evidence seconds code <<< "$COPPICE_MESSAGE"
name="\${COPPICE_ATTEMPT_ID%%-*}"
work() {
  echo "committed by $name: $1" > "committed-$name-$1.txt"
  git add "committed-$name-$1.txt"
  git commit -qm "Work $1 of $name"
  git rev-parse HEAD >> "$evidence/${evidenceFiles.commits}"
  echo "left by $name: $1" > "left-$name-$1.txt"
  echo "left-$name-$1.txt" >> "$evidence/${evidenceFiles.left}"
}
for i in $(seq 1 200); do echo "line $i"; done
work first
sleep "$seconds"
for i in $(seq 201 400); do echo "line $i"; done
work second
exit "$code"`;
