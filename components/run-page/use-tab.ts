"use client";
import { usePathname, useSearchParams } from "next/navigation";
import { useCallback } from "react";

/** The chosen tab, which stands in the address (`?tab=`) so that a link leads to it. */
export function useTab<Name extends string>(
  names: readonly Name[],
  standard: Name,
): [Name, (name: Name) => void] {
  const pathname = usePathname();
  const search = useSearchParams();
  const asked = search.get("tab");
  const tab = names.find((name) => name === asked) ?? standard;
  const setTab = useCallback(
    (name: Name) => window.history.replaceState(null, "", `${pathname}?tab=${name}`),
    [pathname],
  );
  return [tab, setTab];
}
