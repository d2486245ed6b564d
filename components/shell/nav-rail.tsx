"use client";
import { clsx } from "clsx";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { LinkPending } from "@/components/ui/link-pending";
import { Logo } from "./logo";
import { isAt, navPlaces } from "./nav-places";

export function NavRail() {
  const pathname = usePathname();
  return (
    <nav
      aria-label="Main"
      className="sticky top-0 flex h-dvh w-44 shrink-0 flex-col gap-0.5 border-r bg-sunken px-2 pb-4 max-md:hidden"
    >
      <Link href="/" className="mb-1 flex h-12 items-center gap-2 px-2 text-base font-semibold">
        <Logo />
        Coppice
      </Link>
      {navPlaces.map(({ href, name, Icon }) => (
        <Link
          key={href}
          href={href}
          aria-current={isAt(pathname, href) ? "page" : undefined}
          className={clsx(
            "flex h-8 items-center gap-2 rounded-md px-2 text-sm",
            isAt(pathname, href)
              ? "bg-hover font-medium text-ink"
              : "text-quiet hover:bg-hover hover:text-ink",
          )}
        >
          <Icon aria-hidden className="size-4" />
          {name}
          <LinkPending />
        </Link>
      ))}
    </nav>
  );
}
