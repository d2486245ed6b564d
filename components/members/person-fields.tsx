import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

/** Name, email address and password of a new account. */
export function PersonFields({
  fields,
  passwordHint,
}: {
  fields: Record<string, string>;
  passwordHint: string;
}) {
  return (
    <>
      <Field label="Name" error={fields.name}>
        {(control) => (
          <Input {...control} name="name" required maxLength={80} autoComplete="name" />
        )}
      </Field>
      <Field label="Email" hint="For signing in; nothing is sent to it." error={fields.email}>
        {(control) => (
          <Input {...control} name="email" type="email" required autoComplete="username" />
        )}
      </Field>
      <Field label="Password" hint={passwordHint} error={fields.password}>
        {(control) => (
          <Input
            {...control}
            name="password"
            type="password"
            required
            autoComplete="new-password"
          />
        )}
      </Field>
    </>
  );
}
