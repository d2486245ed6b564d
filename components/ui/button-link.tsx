import Link from "next/link";
import type { ReactNode } from "react";
import { type ButtonLook, dressButton } from "./button";

/** A link that looks like a button, for going somewhere. */
export function ButtonLink({
  look,
  size,
  className,
  href,
  title,
  children,
}: ButtonLook & { href: string; title?: string; children: ReactNode }) {
  return (
    <Link href={href} title={title} className={dressButton({ look, size, className })}>
      {children}
    </Link>
  );
}
