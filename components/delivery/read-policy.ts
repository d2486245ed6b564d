import type { DeliveryPolicy, MergeMethod } from "@/server/domain/delivery";

/** The fields of `PolicyFields` as the API takes them; null: nothing is said of it. */
export function readPolicy(form: FormData): DeliveryPolicy | null {
  const text = (name: string) => String(form.get(name) ?? "").trim() || null;
  const kind = text("deliveryKind") as DeliveryPolicy["kind"] | null;
  if (!kind) return null;
  return {
    kind,
    method: kind === "merge" ? (text("deliveryMethod") as MergeMethod | null) : null,
    target: text("deliveryTarget"),
    when: (text("deliveryWhen") ?? "verified") as DeliveryPolicy["when"],
  };
}
