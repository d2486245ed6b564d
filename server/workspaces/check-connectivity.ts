import type { RepositoryId } from "@/server/domain/ids";
import { git } from "./git";
import { mirrorPath } from "./layout";

/** What fsck found is told by bits. */
const faults = Array.from({ length: 32 }, (_, bits) => bits);

/**
 * Whether everything that the refs of a mirror lead to is there, by git's own full walk: seconds to
 * minutes in a large one. Answers what git says is wrong, or null.
 * @throws GitFailed when the walk could not be made.
 */
export async function checkConnectivity(input: {
  home: string;
  repositoryId: RepositoryId;
}): Promise<string | null> {
  const { home, repositoryId } = input;
  const { exitCode, stdout, stderr } = await git(
    ["fsck", "--connectivity-only", "--no-dangling", "--no-progress"],
    {
      home,
      gitDir: mirrorPath(home, repositoryId),
      timeoutSeconds: 3600,
      okExitCodes: faults,
      maxOutputBytes: 64 * 1024,
      whenTooLong: "cut",
    },
  );
  if (exitCode === 0) return null;
  const lines = `${stdout.toString()}${stderr}`.split("\n");
  return lines.filter((line) => line && !line.startsWith("notice:")).join("; ");
}
