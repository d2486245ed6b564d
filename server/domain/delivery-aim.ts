import type { AskedKind, MergeMethod } from "./delivery";
import { BadInput } from "./errors";
import { parseBranchName } from "./git-names";

export interface DeliveryWish {
  kind: AskedKind;
  method?: MergeMethod | null | undefined;
  /** Of a push the branch to set; of a merge or a pull request the branch to merge into. */
  target?: string | null | undefined;
}

export interface DeliveryAim {
  kind: AskedKind;
  method: MergeMethod | null;
  /** The branch of the origin that is changed. */
  target: string;
  /** Of a pull request, what it is to be merged into. */
  base: string | null;
}

/**
 * Which branch a delivery changes and how, with the usual where nothing is said.
 * @throws BadInput for an unusable branch name, and for a pull request of a branch into itself.
 */
export function decideAim(
  { kind, method, target }: DeliveryWish,
  { branch, defaultBranch }: { branch: string; defaultBranch: string },
): DeliveryAim {
  if (kind !== "merge" && method) {
    throw new BadInput("Only a merge has a method.", {
      fields: { method: "Leave it out, or choose the kind “merge”." },
    });
  }
  const named = target ? parseBranchName(target, "target") : null;
  if (kind === "push") return { kind, method: null, target: named ?? branch, base: null };
  const into = named ?? defaultBranch;
  if (kind === "merge") {
    return { kind, method: method ?? "merge_commit", target: into, base: null };
  }
  if (into === branch) {
    throw new BadInput(`${branch} cannot be offered for a merge into itself.`, {
      fields: { target: "Choose another branch." },
    });
  }
  return { kind, method: null, target: branch, base: into };
}
