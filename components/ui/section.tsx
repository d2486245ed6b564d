import { type ReactNode, useId } from "react";

export function Section({
  title,
  aside,
  children,
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <header className="flex h-9 items-center justify-between gap-4 border-b bg-sunken px-4">
        <h2 id={id} className="text-xs font-medium text-quiet">
          {title}
        </h2>
        <div className="text-xs text-faint">{aside}</div>
      </header>
      {children}
    </section>
  );
}
