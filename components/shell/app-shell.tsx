import type { ReactNode } from "react";
import { ConnectionIndicator } from "@/components/live/connection-indicator";
import { Toasts } from "@/components/ui/toasts";
import { WorkAtRisk } from "@/components/work/work-at-risk";
import { AccountMenu } from "./account-menu";
import { AttentionPlace } from "./attention-place";
import { type Me, MemberProvider } from "./member";
import { NavMenu } from "./nav-menu";
import { NavRail } from "./nav-rail";
import { NewRunButton } from "./new-run-button";
import { SearchBox } from "./search-box";
import { Shortcuts } from "./shortcuts";

/** What stands around every page: the rail, the bar on top, and the keys. */
export function AppShell({ me, children }: { me: Me; children: ReactNode }) {
  return (
    <MemberProvider me={me}>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:bg-surface focus:px-3 focus:py-2"
      >
        Skip to the content
      </a>
      <div className="flex min-h-dvh">
        <NavRail />
        <div className="flex min-w-0 flex-1 flex-col">
          <header className="sticky top-0 z-30 flex h-12 items-center gap-2 border-b bg-canvas px-4 max-md:px-2">
            <NavMenu />
            <SearchBox />
            <div className="ml-auto flex items-center gap-2">
              <AttentionPlace />
              <WorkAtRisk />
              <ConnectionIndicator />
              <NewRunButton />
              <AccountMenu me={me} />
            </div>
          </header>
          <main id="main" tabIndex={-1} className="min-w-0 flex-1 outline-none">
            {children}
          </main>
        </div>
      </div>
      <Shortcuts />
      <Toasts />
    </MemberProvider>
  );
}
