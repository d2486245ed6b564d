"use client";
import { clsx } from "clsx";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useMember } from "@/components/shell/member";

const parts = [
  { href: "/settings/members", name: "Members", isForAdmins: false },
  { href: "/settings/notifications", name: "Notifications", isForAdmins: false },
  { href: "/settings/tokens", name: "API tokens", isForAdmins: true },
  { href: "/settings/audit", name: "Audit log", isForAdmins: true },
];

export function SettingsNav() {
  const pathname = usePathname();
  const { isAdmin } = useMember();
  return (
    <nav aria-label="Settings" className="flex border-b px-1">
      {parts
        .filter((part) => isAdmin || !part.isForAdmins)
        .map(({ href, name }) => (
          <Link
            key={href}
            href={href}
            aria-current={pathname === href ? "page" : undefined}
            className={clsx(
              "flex h-9 items-center border-b-2 px-3 text-sm -outline-offset-2",
              pathname === href
                ? "border-ink font-medium"
                : "border-transparent text-quiet hover:text-ink",
            )}
          >
            {name}
          </Link>
        ))}
    </nav>
  );
}
