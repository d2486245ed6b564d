import { Badge } from "@/components/ui/badge";
import { RelativeTime } from "@/components/ui/relative-time";
import { Section } from "@/components/ui/section";
import type { DoctorReport } from "@/server/domain/difference";

/** What was compared, and when: the database with its queue, and each host with the database. */
export function HostList({ report }: { report: DoctorReport }) {
  return (
    <Section title="What was compared">
      <ul>
        <li className="grid gap-x-4 border-b px-4 py-2 md:grid-cols-[200px_minmax(0,1fr)_auto]">
          <span className="font-medium">Database and queue</span>
          <Counts compared={report.compared} />
          <span className="text-quiet">just now</span>
        </li>
        {report.hosts.map((host) => (
          <li
            key={host.workerId}
            className="grid gap-x-4 border-b px-4 py-2 md:grid-cols-[200px_minmax(0,1fr)_auto]"
          >
            <span className="flex flex-wrap items-center gap-2 self-start">
              <span className="font-medium" title={host.host}>
                {host.worker}
              </span>
              {!host.isAlive && <Badge tone="warn">away</Badge>}
              {host.at && !host.isJudged && <Badge tone="bad">unknown</Badge>}
            </span>
            {host.problem ? (
              <span className="text-warn">{host.problem}</span>
            ) : (
              <HostResult host={host} />
            )}
            <span className="text-quiet">
              {host.at ? <RelativeTime at={host.at} /> : "never looked at"}
              {host.tookMs !== null && <span className="text-faint"> · took {host.tookMs} ms</span>}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function HostResult({ host }: { host: DoctorReport["hosts"][number] }) {
  if (!host.at) return <span className="text-quiet">Its worker has not reported yet.</span>;
  if (host.isJudged) return <Counts compared={host.compared} />;
  return (
    <span className="text-quiet">
      Its home or its database is not what it should be; nothing else of it can be judged.
    </span>
  );
}

function Counts({ compared }: { compared: DoctorReport["compared"] }) {
  return (
    <span className="text-quiet">
      {compared.map(({ what, count }) => `${what}: ${count}`).join(" · ")}
    </span>
  );
}
