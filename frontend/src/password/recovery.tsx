import { notFound, useRouter } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { ask } from "../api/client";
import {
  RecoveryTicket,
  ResendRecoveryEmail,
  SetPasswordByRecovery,
  type SetPasswordStatus,
} from "../api/operations.gen";
import { useSend } from "../api/use-send";
import { config } from "../config";
import { Masthead } from "../frame/masthead";
import { SmallPrint } from "../frame/small-print";
import { rich, t } from "../texts/texts";
import { Button } from "../ui/button";
import { FailureNotice } from "../ui/failure";
import { focusProblem } from "../ui/field";
import { Notice } from "../ui/notice";
import { useLoaded } from "../ui/screen";
import { checkNewPassword, NewPassword } from "./new-password";

export async function loader({ deps }: { deps: { ticket?: string } }) {
  if (!deps.ticket) throw notFound();
  const { userRecoveryTicket, siteConfig } = await ask(RecoveryTicket, { ticket: deps.ticket });
  if (!userRecoveryTicket) throw notFound();
  return { ...userRecoveryTicket, site: siteConfig, secret: deps.ticket };
}

/** The end of a recovery, for whoever holds the link from the mail. Nobody needs to be signed in. */
export default function RecoveryScreen() {
  const ticket = useLoaded(loader);
  switch (ticket.status) {
    case "VALID":
      return (
        <Page
          title={t("recovery-title")}
          lead={rich("recovery-lead", { name: <bdi>{ticket.username}</bdi> })}
        >
          <RecoveryForm />
        </Page>
      );
    case "EXPIRED":
      return (
        <Page title={t("spent-expired-title")} lead={t("recovery-expired-lead")}>
          <Resend />
        </Page>
      );
    case "CONSUMED":
      return (
        <Page title={t("spent-used-title")} lead={t("spent-used-lead")}>
          <a className="button button-primary" href={config.root}>
            {t("sign-in")}
          </a>
        </Page>
      );
  }
}

function Page({ title, lead, children }: { title: string; lead: ReactNode; children: ReactNode }) {
  const { site } = useLoaded(loader);
  return (
    <div className="app app-alone">
      <title>{`${title} · ${site.serviceName}`}</title>
      <Masthead name={site.serviceName} homeserver={site.serverName} />
      <main className="content">
        <header className="opening">
          <h1 tabIndex={-1}>{title}</h1>
          <p>{lead}</p>
        </header>
        {children}
      </main>
      <SmallPrint site={site} />
    </div>
  );
}

type Problems = { error?: string; repeatError?: string; form?: string };

function RecoveryForm() {
  const { secret, username, site } = useLoaded(loader);
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const { send, busy, failure } = useSend(SetPasswordByRecovery);
  const [problems, setProblems] = useState<Problems>({});
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { password, ...found } = checkNewPassword(new FormData(event.currentTarget));
    setProblems(found);
    if (found.error || found.repeatError) return focusProblem(form.current);
    const status = (await send({ ticket: secret, newPassword: password }))?.setPasswordByRecovery.status;
    if (status === undefined) return;
    if (status === "ALLOWED") return location.assign(config.root);
    if (status === "EXPIRED_RECOVERY_TICKET" || status === "RECOVERY_TICKET_ALREADY_USED")
      return router.invalidate();
    setProblems(problemsOf(status));
    focusProblem(form.current);
  };
  return (
    <form className="form panel" onSubmit={save} ref={form}>
      <input type="text" autoComplete="username" value={username} readOnly hidden />
      {problems.form && (
        <Notice tone="danger" role="alert">
          <p>{problems.form}</p>
        </Notice>
      )}
      <NewPassword
        minimum={site.minimumPasswordComplexity}
        error={problems.error}
        repeatError={problems.repeatError}
      />
      <FailureNotice failure={failure} />
      <Button type="submit" look="primary" busy={busy}>
        {t("recovery-save")}
      </Button>
    </form>
  );
}

function problemsOf(status: SetPasswordStatus): Problems {
  switch (status) {
    case "INVALID_NEW_PASSWORD":
      return { error: t("password-too-weak") };
    case "PASSWORD_CHANGES_DISABLED":
      return { form: t("password-fixed") };
    case "ACCOUNT_LOCKED":
      return { form: t("recovery-locked") };
    default:
      return { form: t("failure-internal") };
  }
}

function Resend() {
  const { secret, email } = useLoaded(loader);
  const { send, busy, failure } = useSend(ResendRecoveryEmail);
  const [often, setOften] = useState(false);
  const resend = async () => {
    const result = (await send({ ticket: secret }))?.resendRecoveryEmail;
    setOften(result?.status === "RATE_LIMITED");
    if (result?.progressUrl) location.assign(result.progressUrl);
  };
  return (
    <div className="form">
      {often && (
        <Notice tone="warning" role="alert">
          <p>{t("verify-resent-too-often")}</p>
        </Notice>
      )}
      <FailureNotice failure={failure} />
      <Button look="primary" busy={busy} onClick={resend}>
        {t("recovery-resend", { email })}
      </Button>
    </div>
  );
}
