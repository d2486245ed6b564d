import {
  FolderGit2,
  LayoutDashboard,
  ListTree,
  type LucideIcon,
  Server,
  Settings,
  SquareStack,
  Workflow,
} from "lucide-react";

export const navPlaces: { href: string; name: string; Icon: LucideIcon }[] = [
  { href: "/", name: "Overview", Icon: LayoutDashboard },
  { href: "/runs", name: "Runs", Icon: ListTree },
  { href: "/repositories", name: "Repositories", Icon: FolderGit2 },
  { href: "/workflows", name: "Workflows", Icon: Workflow },
  { href: "/workspaces", name: "Workspaces", Icon: SquareStack },
  { href: "/workers", name: "Workers", Icon: Server },
  { href: "/settings", name: "Settings", Icon: Settings },
];

export function isAt(pathname: string, href: string): boolean {
  if (href === "/") return pathname === "/";
  if (href === "/runs" && pathname.startsWith("/sessions/")) return true;
  return pathname === href || pathname.startsWith(`${href}/`);
}
