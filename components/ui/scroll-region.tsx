import type { HTMLAttributes, Ref } from "react";

/** A part of the page that scrolls by itself: it has a name and takes the keys. */
export function ScrollRegion({
  label,
  ref,
  ...rest
}: { label: string; ref?: Ref<HTMLElement> } & HTMLAttributes<HTMLElement>) {
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the keys
  return <section ref={ref} aria-label={label} tabIndex={0} {...rest} />;
}
