"use client";
import dynamic from "next/dynamic";
import { useTheme } from "next-themes";

const Toaster = dynamic(() => import("sonner").then((module) => module.Toaster), { ssr: false });

export function Toasts() {
  const { resolvedTheme } = useTheme();
  return <Toaster position="bottom-right" theme={resolvedTheme === "dark" ? "dark" : "light"} />;
}
