import { CircleAlert, Eye } from "lucide-react";
import { type ComponentProps, type ReactNode, useId, useState } from "react";
import { t } from "../texts/texts";

type Props = ComponentProps<"input"> & {
  label: string;
  hint?: ReactNode;
  /** What is wrong and how to mend it. */
  error?: string;
  /** Stands in the box, after the input. */
  inside?: ReactNode;
};

export function Field({ label, hint, error, inside, ...props }: Props) {
  const id = useId();
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(" ");
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
      <div className="field-box">
        <input
          {...props}
          id={id}
          aria-invalid={error ? true : undefined}
          aria-describedby={described || undefined}
        />
        {inside}
      </div>
      {hint && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

export function FieldError({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <p className="field-error" id={id} role="alert">
      <CircleAlert size={20} aria-hidden />
      <span>{children}</span>
    </p>
  );
}

export function PasswordField({
  autoComplete = "current-password",
  ...props
}: Omit<Props, "type" | "inside">) {
  const [visible, setVisible] = useState(false);
  const reveal = (
    <button
      className="field-reveal"
      type="button"
      aria-label={t("login-show-password")}
      title={t("login-show-password")}
      aria-pressed={visible}
      onClick={() => setVisible(!visible)}
    >
      <Eye size={20} aria-hidden />
    </button>
  );
  return (
    <Field
      {...props}
      type={visible ? "text" : "password"}
      autoComplete={autoComplete}
      autoCapitalize="none"
      spellCheck={false}
      inside={reveal}
    />
  );
}

/** A box and what ticking it says. */
export function Check({
  label,
  hint,
  ...props
}: ComponentProps<"input"> & { label: ReactNode; hint?: ReactNode }) {
  const id = useId();
  return (
    <div className="field">
      <label className="check">
        <input {...props} className="check-box" type="checkbox" aria-describedby={hint ? id : undefined} />
        <span>{label}</span>
      </label>
      {hint && (
        <p className="field-hint check-hint" id={id}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** The first field of a form that is marked as wrong gets the focus. */
export function focusProblem(form: HTMLFormElement | null): void {
  // After React has marked it.
  setTimeout(() => form?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
}
