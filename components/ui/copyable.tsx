import { clsx } from "clsx";
import Link from "next/link";
import { CopyButton } from "./copy-button";

/** An id, sha, path or branch in mono with its copy button; null shows as a dash. */
export function Copyable({
  text,
  what,
  shown,
  href,
  className,
}: {
  text: string | null;
  what: string;
  /** A shorter form to show; the whole stands in the title and is what gets copied. */
  shown?: string;
  href?: string;
  className?: string;
}) {
  if (text === null) return <span className="text-faint">–</span>;
  const words = <span className="block truncate">{shown ?? text}</span>;
  return (
    <span className={clsx("flex min-w-0 items-center gap-0.5 font-mono text-xs", className)}>
      {href ? (
        <Link
          href={href}
          title={text}
          className="min-w-0 underline decoration-edge underline-offset-2 hover:decoration-ink"
        >
          {words}
        </Link>
      ) : (
        <span title={text} className="min-w-0">
          {words}
        </span>
      )}
      <CopyButton text={text} what={what} />
    </span>
  );
}
