"use client";
import { CircleUser, LogOut, Monitor, Moon, Sun } from "lucide-react";
import { useTheme } from "next-themes";
import { Menu, MenuItem } from "@/components/ui/menu";
import { notify } from "@/components/ui/notify";
import type { Me } from "./member";

const themes = [
  { name: "system", label: "As the system", Icon: Monitor },
  { name: "light", label: "Light", Icon: Sun },
  { name: "dark", label: "Dark", Icon: Moon },
];

export function AccountMenu({ me }: { me: Me }) {
  const { theme, setTheme } = useTheme();
  return (
    <Menu
      label={`Account: ${me.name}`}
      trigger={<CircleUser aria-hidden className="size-5" />}
      triggerClassName="flex size-8 items-center justify-center rounded-md text-quiet hover:bg-hover hover:text-ink"
    >
      <div role="presentation" className="border-b px-2 pt-1 pb-2">
        <p className="font-medium">{me.name}</p>
        <p className="text-xs text-faint">{me.role}</p>
      </div>
      {themes.map(({ name, label, Icon }) => (
        <MenuItem key={name} isChecked={theme === name} onSelect={() => setTheme(name)}>
          <Icon aria-hidden className="size-4" />
          {label}
          {theme === name && <span className="ml-auto text-xs text-faint">on</span>}
        </MenuItem>
      ))}
      <div role="presentation" className="mt-1 border-t pt-1">
        <MenuItem onSelect={signOut}>
          <LogOut aria-hidden className="size-4" />
          Sign out
        </MenuItem>
      </div>
    </Menu>
  );
}

async function signOut() {
  const answer = await fetch("/api/auth/sign-out", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  }).catch((error: unknown) => error);
  if (answer instanceof Response && answer.ok) window.location.assign("/sign-in");
  else notify.failure(new Error("Signing out did not work. You are still signed in."));
}
