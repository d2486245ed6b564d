/** A coppiced stool: many stems from one root. */
export function Logo() {
  return (
    <svg
      aria-hidden
      viewBox="0 0 32 32"
      className="size-5"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.5"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d="M9 28h14M16 28V15M16 20c-6 0-8-4-8-10M16 18c6 0 8-5 8-12M16 15V4" />
    </svg>
  );
}
