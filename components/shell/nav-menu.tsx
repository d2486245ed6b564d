"use client";
import { Menu as MenuIcon } from "lucide-react";
import { Menu, MenuItem } from "@/components/ui/menu";
import { navPlaces } from "./nav-places";

/** The rail's places in a menu, for a phone. */
export function NavMenu() {
  return (
    <nav aria-label="Main" className="md:hidden">
      <Menu
        label="Places"
        trigger={<MenuIcon aria-hidden className="size-5" />}
        triggerClassName="flex size-9 items-center justify-center rounded-md hover:bg-hover"
      >
        {navPlaces.map(({ href, name, Icon }) => (
          <MenuItem key={href} href={href}>
            <Icon aria-hidden className="size-4" />
            {name}
          </MenuItem>
        ))}
      </Menu>
    </nav>
  );
}
