"use client";
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "./button";
import { copyText } from "./copy-text";

/** Copies `text`; says so with a tick for two seconds. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [isCopied, setIsCopied] = useState(false);

  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [isCopied]);

  const Icon = isCopied ? Check : Copy;
  return (
    <Button
      look="quiet"
      size="small-icon"
      className="relative z-10"
      aria-label={isCopied ? `Copied ${what}` : `Copy ${what}`}
      title={isCopied ? "Copied" : `Copy ${what}`}
      onClick={async () => setIsCopied(await copyText(text))}
    >
      <Icon aria-hidden className="size-3.5" />
    </Button>
  );
}
