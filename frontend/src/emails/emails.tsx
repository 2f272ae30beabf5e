import { useRouter } from "@tanstack/react-router";
import { Mail, Plus, Trash2 } from "lucide-react";
import { type FormEvent, Fragment, useRef, useState } from "react";
import { RemoveEmail, StartEmailAuthentication } from "../api/operations.gen";
import { useSend } from "../api/use-send";
import { language, rich, t } from "../texts/texts";
import { Button } from "../ui/button";
import { Dialog, preloadDialog } from "../ui/dialog";
import { FailureNotice } from "../ui/failure";
import { Field, focusProblem, PasswordField } from "../ui/field";
import { flash } from "../ui/flash";
import { Notice } from "../ui/notice";
import { Panel } from "../ui/panel";
import { useFrame } from "../ui/screen";

type Email = { id: string; email: string };

/** The addresses at which the account can be reached: to add one, a code is sent there. */
export function Emails({ emails }: { emails: Email[] }) {
  const { site } = useFrame();
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Email>();
  return (
    <Panel title={t("emails-title")}>
      <p className="aside">{emails.length > 0 ? t("emails-lead") : t("emails-empty")}</p>
      {emails.length > 0 && (
        <ul className="rows">
          {emails.map((email) => (
            <li className="row" key={email.id}>
              <Mail size={20} aria-hidden />
              <Address email={email.email} />
              {site.emailChangeAllowed && (
                <Button
                  look="danger-link"
                  onPointerEnter={preloadDialog}
                  onFocus={preloadDialog}
                  onClick={() => setRemoving(email)}
                >
                  <Trash2 size={18} aria-hidden />
                  {t("remove")}
                  <span className="visually-hidden"> {email.email}</span>
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {site.emailChangeAllowed &&
        (adding ? (
          <AddEmail onCancel={() => setAdding(false)} />
        ) : (
          <Button className="start" onClick={() => setAdding(true)}>
            <Plus size={20} aria-hidden />
            {t("emails-add")}
          </Button>
        ))}
      {removing && (
        <RemoveDialog email={removing} isLast={emails.length === 1} onClose={() => setRemoving(undefined)} />
      )}
    </Panel>
  );
}

/** A long one breaks before its signs and not within a word. */
function Address({ email }: { email: string }) {
  return (
    <bdi className="row-text row-address">
      {email.split(/(?=[.@])/).map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text
        <Fragment key={at}>
          {at > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </bdi>
  );
}

type Problem = { field: "email" | "password"; text: string };

function AddEmail({ onCancel }: { onCancel: () => void }) {
  const { proof } = useFrame();
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const { send, busy, failure } = useSend(StartEmailAuthentication);
  const [problem, setProblem] = useState<Problem>();

  const add = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const answer = await send({
      email: String(fields.get("email")).trim(),
      password: proof ? String(fields.get("password")) : undefined,
      language: language(),
    });
    const result = answer?.startEmailAuthentication;
    if (!result) return;
    if (result.status === "STARTED" && result.authentication) {
      await router.navigate({ to: "/emails/$id/verify", params: { id: result.authentication.id } });
      return;
    }
    setProblem(problemOf(result.status, result.violations ?? []));
    focusProblem(form.current);
  };

  return (
    <form className="form inset" onSubmit={add} ref={form}>
      <Field
        label={t("emails-new")}
        name="email"
        type="email"
        autoComplete="email"
        required
        autoFocus
        hint={t("emails-new-hint")}
        error={problem?.field === "email" ? problem.text : undefined}
      />
      {proof && (
        <PasswordField
          label={t("your-password")}
          name="password"
          required
          error={problem?.field === "password" ? problem.text : undefined}
        />
      )}
      <FailureNotice failure={failure} />
      <div className="actions-row">
        <Button type="submit" look="primary" busy={busy}>
          {t("emails-send-code")}
        </Button>
        <Button onClick={onCancel}>{t("cancel")}</Button>
      </div>
    </form>
  );
}

function problemOf(status: string, violations: string[]): Problem {
  switch (status) {
    case "INCORRECT_PASSWORD":
      return { field: "password", text: t("wrong-password") };
    case "IN_USE":
      return { field: "email", text: t("emails-yours-already") };
    case "DENIED":
      return { field: "email", text: [t("emails-denied"), ...violations].join(" ") };
    case "RATE_LIMITED":
      return { field: "email", text: t("emails-too-many") };
    default:
      return { field: "email", text: t("emails-invalid") };
  }
}

type RemoveProps = { email: Email; isLast: boolean; onClose: () => void };

function RemoveDialog({ email, isLast, onClose }: RemoveProps) {
  const { proof } = useFrame();
  const router = useRouter();
  const { send, busy, failure } = useSend(RemoveEmail);
  const [wrong, setWrong] = useState(false);
  const remove = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = proof ? String(new FormData(event.currentTarget).get("password")) : undefined;
    const answer = await send({ id: email.id, password });
    if (!answer) return;
    if (answer.removeEmail.status === "INCORRECT_PASSWORD") return setWrong(true);
    // Gone already is as good.
    onClose();
    flash(t("emails-removed", { email: email.email }));
    await router.invalidate();
  };
  return (
    <Dialog title={t("emails-remove-title")} open busy={busy} onClose={onClose}>
      <form className="form" onSubmit={remove}>
        <p>{rich("emails-remove-lead", { email: <strong>{<bdi>{email.email}</bdi>}</strong> })}</p>
        {isLast && (
          <Notice tone="warning">
            <p>{t("emails-remove-last")}</p>
          </Notice>
        )}
        {proof && (
          <PasswordField
            label={t("your-password")}
            name="password"
            required
            autoFocus
            error={wrong ? t("wrong-password") : undefined}
          />
        )}
        <FailureNotice failure={failure} />
        <div className="actions">
          <Button type="submit" look="danger" busy={busy}>
            {t("emails-remove")}
          </Button>
          <Button onClick={onClose}>{t("cancel")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
