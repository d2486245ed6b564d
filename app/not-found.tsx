import { NothingHere } from "@/components/shell/nothing-here";

export default function NotFound() {
  return (
    <main className="mx-auto max-w-xl py-16">
      <NothingHere />
    </main>
  );
}
