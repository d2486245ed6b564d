import type { DeliveryPolicy } from "@/server/domain/delivery";
import { deliveryWords } from "@/server/domain/delivery-words";

/** What runs deliver by themselves, in one line. */
export function describePolicy(policy: DeliveryPolicy | null | undefined): string {
  if (!policy || policy.kind === "none") return "Nothing; persons deliver.";
  const { kind, method, target, when } = policy;
  const how = kind === "merge" ? ` (${deliveryWords.methods[method ?? "merge_commit"]})` : "";
  const usual = kind === "push" ? "its own branch" : "the default branch";
  const where = `${kind === "push" ? "to" : "into"} ${target ?? usual}`;
  const condition = when === "verified" ? "once its checks vouch for it" : "whenever it succeeds";
  return `${deliveryWords.kinds[kind]} ${where}${how}, ${condition}.`;
}
