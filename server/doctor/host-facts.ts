import type { Database } from "@/db/client";
import type { MarkedProcess } from "@/server/agents/find-marked-processes";
import type { ControlFolder } from "@/server/agents/list-control-folders";
import type { ControlState } from "@/server/agents/read-control";
import type { RecordedCommit } from "@/server/differences/list-recorded-commits";
import type { Confine } from "@/server/domain/confinement";
import type { RepositoryId, WorkerId } from "@/server/domain/ids";
import type { Jobs } from "@/server/jobs/jobs";
import type { HomeFacts } from "@/server/workspaces/inspect-home";
import type { MirrorFacts } from "@/server/workspaces/inspect-mirror";
import type { HostFolders } from "@/server/workspaces/list-host-folders";

/** The host that is looked at, and by which worker. */
export interface DoctorHost {
  db: Database;
  jobs: Jobs;
  /** Absolute, with links resolved. */
  home: string;
  worker: { id: WorkerId; name: string };
  confine: Confine;
}

/** A control folder, and what it says where that was asked. */
export interface ControlFacts extends ControlFolder {
  /** Null: its attempt is known and over, so it was not read. */
  state: Pick<ControlState, "phase" | "exit"> | null;
}

/** What was seen on a host, before anything is made of it. */
export interface HostFacts {
  workerId: WorkerId;
  home: string;
  /** When the look began: what changed after it is not judged. */
  lookedAt: Date;
  /** How far this host's clock is ahead of the database's, and how exactly that is known. */
  clockAheadMs: number;
  clockErrorMs: number;
  root: HomeFacts;
  folders: HostFolders;
  controls: ControlFacts[];
  /** Every marked process of the host, those of other homes too. */
  processes: MarkedProcess[];
  mirrors: (MirrorFacts & { repositoryId: RepositoryId })[];
  recorded: RecordedCommit[];
  /** Origins that were asked for; `problem` is null where the origin answered. */
  origins: { repositoryId: RepositoryId; problem: string | null }[];
}
