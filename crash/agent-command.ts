/** What an agent says it did, in files beside the workspace, each written after the deed. */
export const evidenceFiles = {
  /** One line a commit: its id. */
  commits: "commits",
  /** One line a file that was left uncommitted: its path and its content. */
  left: "left",
  /** There once the first half of the work is done. */
  reached: "reached",
  /** While it is there, the agent waits in the middle of its work. */
  gate: "gate",
} as const;

export const linesEach = 40;
const linesBefore = linesEach / 2;

/** What the check prints, if it ran once from its beginning to its end. */
export const checkOutput = "begun\ndone\n";

/** The check of the tests: the agent's work is there, and it takes long enough to be struck. */
export const checkCommand = "echo begun; sleep 0.3; ls committed-*.txt > /dev/null && echo done";

/**
 * The shell agent of the tests; its message is the folder for the evidence. Every attempt works under
 * names of its own, so that what an earlier one left is told from what this one makes.
 */
export const agentCommand = `set -e
evidence="$COPPICE_MESSAGE" name="\${COPPICE_ATTEMPT_ID%%-*}"
for i in $(seq 1 ${linesBefore}); do echo "line $i"; done
echo "committed by $name" > "committed-$name.txt"
git add "committed-$name.txt"
git commit -qm "Work of $name"
git rev-parse HEAD >> "$evidence/${evidenceFiles.commits}"
mkdir -p notes
for file in "left-$name.txt" "notes/left-$name.txt"; do
  echo "left by $name" > "$file"
  echo "$file left by $name" >> "$evidence/${evidenceFiles.left}"
done
touch "$evidence/${evidenceFiles.reached}"
while [ -e "$evidence/${evidenceFiles.gate}" ]; do sleep 0.02; done
for i in $(seq ${linesBefore + 1} ${linesEach}); do echo "line $i"; done`;
