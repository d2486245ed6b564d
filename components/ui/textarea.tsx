import { clsx } from "clsx";
import type { Ref, TextareaHTMLAttributes } from "react";
import { boxLook } from "./input";

export function Textarea({
  className,
  ...rest
}: TextareaHTMLAttributes<HTMLTextAreaElement> & { ref?: Ref<HTMLTextAreaElement> }) {
  return <textarea className={clsx(boxLook, "resize-y py-1.5", className)} {...rest} />;
}
