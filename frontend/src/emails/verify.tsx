import { notFound, redirect, useParams, useRouter } from "@tanstack/react-router";
import { type FormEvent, useRef, useState } from "react";
import { ask, person } from "../api/client";
import { idIsNone } from "../api/not-found";
import {
  CompleteEmailAuthentication,
  EmailAuthentication,
  ResendEmailAuthenticationCode,
} from "../api/operations.gen";
import { useSend } from "../api/use-send";
import { language, rich, t } from "../texts/texts";
import { Back } from "../ui/back";
import { Button } from "../ui/button";
import { FailureNotice } from "../ui/failure";
import { Field, focusProblem } from "../ui/field";
import { flash } from "../ui/flash";
import { Notice } from "../ui/notice";
import { Screen, useLoaded } from "../ui/screen";

export async function loader({ params }: { params: { id: string } }) {
  const { viewer, userEmailAuthentication } = await ask(EmailAuthentication, params).catch(idIsNone);
  person(viewer);
  if (!userEmailAuthentication) throw notFound();
  if (userEmailAuthentication.completedAt) throw redirect({ to: "/" });
  return userEmailAuthentication;
}

/** Entering the code that went to a new address. */
export default function VerifyScreen() {
  const { email } = useLoaded(loader);
  return (
    <Screen
      title={t("verify-title")}
      lead={rich("verify-lead", { email: <strong>{<bdi>{email}</bdi>}</strong> })}
      above={<Back to="/">{t("home-title")}</Back>}
    >
      <CodeForm email={email} />
    </Screen>
  );
}

function CodeForm({ email }: { email: string }) {
  const { id } = useParams({ from: "/frame/emails/$id/verify" });
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const complete = useSend(CompleteEmailAuthentication);
  const [problem, setProblem] = useState<string>();

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get("code")).replaceAll(/\D/g, "");
    if (code.length !== 6) {
      setProblem(t("verify-incomplete"));
      return focusProblem(form.current);
    }
    const status = (await complete.send({ id, code }))?.completeEmailAuthentication.status;
    if (status === undefined) return;
    if (status === "COMPLETED") {
      flash(t("verify-done", { email }));
      await router.invalidate();
      await router.navigate({ to: "/" });
    } else if (status === "IN_USE") {
      await router.navigate({ to: "/emails/$id/in-use", params: { id }, replace: true });
    } else {
      setProblem(
        {
          INVALID_CODE: t("verify-wrong"),
          CODE_EXPIRED: t("verify-expired"),
          RATE_LIMITED: t("verify-too-many"),
        }[status],
      );
      form.current?.reset();
      focusProblem(form.current);
    }
  };

  return (
    <>
      <form className="form panel" onSubmit={submit} ref={form}>
        <Field
          label={t("verify-code")}
          name="code"
          className="code-input"
          inputMode="numeric"
          autoComplete="one-time-code"
          dir="ltr"
          maxLength={11}
          required
          hint={t("verify-code-hint")}
          error={problem}
        />
        <FailureNotice failure={complete.failure} />
        <div className="actions-row">
          <Button type="submit" look="primary" busy={complete.busy}>
            {t("verify-continue")}
          </Button>
        </div>
      </form>
      <Resend id={id} />
    </>
  );
}

function Resend({ id }: { id: string }) {
  const router = useRouter();
  const { send, busy, failure } = useSend(ResendEmailAuthenticationCode);
  const [status, setStatus] = useState<"RESENT" | "RATE_LIMITED">();
  const resend = async () => {
    const answer = (await send({ id, language: language() }))?.resendEmailAuthenticationCode.status;
    if (answer === "COMPLETED") await router.navigate({ to: "/" });
    else setStatus(answer);
  };
  return (
    <div className="stack">
      <p className="aside">
        {t("verify-nothing-came")}{" "}
        <Button look="link" busy={busy} onClick={resend}>
          {t("verify-resend")}
        </Button>
      </p>
      {status === "RESENT" && (
        <Notice tone="done" role="status">
          <p>{t("verify-resent")}</p>
        </Notice>
      )}
      {status === "RATE_LIMITED" && (
        <Notice tone="warning" role="alert">
          <p>{t("verify-resent-too-often")}</p>
        </Notice>
      )}
      <FailureNotice failure={failure} />
    </div>
  );
}
