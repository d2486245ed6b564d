import {
  Bot,
  ChartColumn,
  FolderGit2,
  GitCommitHorizontal,
  LayoutDashboard,
  ListTree,
  type LucideIcon,
  Recycle,
  Server,
  Settings,
  SquareStack,
  Stethoscope,
  Workflow,
} from "lucide-react";

export const navPlaces: { href: string; name: string; Icon: LucideIcon }[] = [
  { href: "/", name: "Overview", Icon: LayoutDashboard },
  { href: "/runs", name: "Runs", Icon: ListTree },
  { href: "/repositories", name: "Repositories", Icon: FolderGit2 },
  { href: "/workflows", name: "Workflows", Icon: Workflow },
  { href: "/work", name: "Work", Icon: GitCommitHorizontal },
  { href: "/workspaces", name: "Workspaces", Icon: SquareStack },
  { href: "/workers", name: "Workers", Icon: Server },
  { href: "/agents", name: "Agents", Icon: Bot },
  { href: "/usage", name: "Usage", Icon: ChartColumn },
  { href: "/cleanup", name: "Cleanup", Icon: Recycle },
  { href: "/doctor", name: "Doctor", Icon: Stethoscope },
  { href: "/settings", name: "Settings", Icon: Settings },
];

export function isAt(pathname: string, href: string): boolean {
  if (href === "/") return pathname === "/";
  if (href === "/runs" && pathname.startsWith("/sessions/")) return true;
  return pathname === href || pathname.startsWith(`${href}/`);
}
