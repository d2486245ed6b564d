import { Select } from "@/components/ui/select";
import type { Role } from "@/server/domain/actor";

const roleWords = {
  viewer: "Viewer",
  operator: "Operator",
  admin: "Admin",
} as const satisfies Record<Role, string>;

export function RoleSelect({
  label,
  role,
  isDisabled,
  onChoose,
  ...control
}: {
  label?: string;
  role: Role;
  isDisabled?: boolean;
  onChoose: (role: Role) => void;
  id?: string;
}) {
  return (
    <Select
      {...control}
      aria-label={label}
      className="w-36"
      disabled={isDisabled}
      value={role}
      onChange={(event) => onChoose(event.target.value as Role)}
    >
      {Object.entries(roleWords).map(([name, word]) => (
        <option key={name} value={name}>
          {word}
        </option>
      ))}
    </Select>
  );
}
