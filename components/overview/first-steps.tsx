import { ButtonLink } from "@/components/ui/button-link";
import { Section } from "@/components/ui/section";

const steps = [
  {
    title: "Add a repository",
    text: "Coppice keeps a mirror of its own and never touches your checkout.",
    href: "/repositories",
    action: "Add a repository",
  },
  {
    title: "Make a workflow",
    text: "A saved recipe: which agent, with what prompt and limits.",
    href: "/workflows/new",
    action: "New workflow",
  },
  {
    title: "Start a run",
    text: "It works in an isolated workspace; its commits stay, whatever happens.",
    href: "/runs/new",
    action: "New run",
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
