import { NothingHere } from "@/components/shell/nothing-here";

export default function NotFound() {
  return (
    <div className="py-8">
      <NothingHere />
    </div>
  );
}
