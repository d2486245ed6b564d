import { ButtonLink } from "@/components/ui/button-link";
import { Section } from "@/components/ui/section";

const steps = [
  {
    title: "Try it now",
    text: "The workflow “script” needs no agent: it works on a sample repository within seconds.",
    href: "/runs/new?workflow=script&repository=sample",
    action: "Run the sample",
  },
  {
    title: "Add your repository",
    text: "Coppice keeps a mirror of its own and never touches your checkout.",
    href: "/repositories",
    action: "Add a repository",
  },
  {
    title: "Choose what agents do",
    text: "Workflows are saved recipes: agent, prompt and limits. Seven are there to begin with.",
    href: "/workflows",
    action: "See the workflows",
  },
];

export function FirstSteps() {
  return (
    <Section title="First steps">
      <ol className="grid md:grid-cols-3 md:divide-x">
        {steps.map((step, index) => (
          <li key={step.href} className="flex flex-col items-start gap-1 border-b p-4">
            <p className="font-medium">
              <span className="mr-2 text-faint">{index + 1}</span>
              {step.title}
            </p>
            <p className="mb-2 text-quiet">{step.text}</p>
            <ButtonLink href={step.href} size="small" className="mt-auto">
              {step.action}
            </ButtonLink>
          </li>
        ))}
      </ol>
    </Section>
  );
}
