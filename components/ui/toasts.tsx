"use client";
import { useTheme } from "next-themes";
import { lazy, Suspense, useSyncExternalStore } from "react";
import { areToastsWanted, watchToasts } from "./notify";

const Toaster = lazy(() => import("sonner").then((module) => ({ default: module.Toaster })));

/** The place of the toasts. What draws them is loaded when the first one is shown. */
export function Toasts() {
  const { resolvedTheme } = useTheme();
  const isWanted = useSyncExternalStore(watchToasts, areToastsWanted, () => false);
  if (!isWanted) return null;
  return (
    <Suspense>
      <Toaster
        position="bottom-right"
        theme={resolvedTheme === "dark" ? "dark" : "light"}
        style={{ fontFamily: "inherit" }}
        toastOptions={{
          style: {
            background: "var(--surface)",
            border: "1px solid var(--edge)",
            borderRadius: 5,
            boxShadow: "none",
            color: "var(--ink)",
          },
        }}
      />
    </Suspense>
  );
}
