import type { DeliveryView } from "@/server/domain/delivery";
import { deliveryWords } from "@/server/domain/delivery-words";

/** One line: what, how, where. */
export function describeDelivery({
  kind,
  method,
  target,
  base,
}: Pick<DeliveryView, "kind" | "method" | "target" | "base">): string {
  const how = method ? ` (${deliveryWords.methods[method]})` : "";
  if (kind === "push") return `Push to ${target}`;
  if (kind === "merge") return `Merge into ${target}${how}`;
  if (kind === "undo") return `Undo on ${target}${how}`;
  return `Pull request of ${target} into ${base}`;
}
