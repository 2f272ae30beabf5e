import { Link, useRouter } from "@tanstack/react-router";
import { type FormEvent, useRef, useState } from "react";
import { SetPassword, type SetPasswordStatus } from "../api/operations.gen";
import { useSend } from "../api/use-send";
import { NotFound } from "../frame/not-found";
import { t } from "../texts/texts";
import { Back } from "../ui/back";
import { Button } from "../ui/button";
import { FailureNotice } from "../ui/failure";
import { Check, focusProblem, PasswordField } from "../ui/field";
import { flash } from "../ui/flash";
import { Notice } from "../ui/notice";
import { Screen, useFrame } from "../ui/screen";
import { checkNewPassword, NewPassword } from "./new-password";

type Problems = { current?: string; error?: string; repeatError?: string; form?: string };

export default function ChangePasswordScreen() {
  const { user, site } = useFrame();
  if (!site.passwordLoginEnabled || !user.hasPassword) return <NotFound />;
  return (
    <Screen
      title={t("change-title")}
      lead={site.passwordChangeAllowed ? t("change-lead") : undefined}
      above={<Back to="/security">{t("security-title")}</Back>}
    >
      {site.passwordChangeAllowed ? (
        <ChangeForm />
      ) : (
        <Notice tone="info">
          <p>{t("password-fixed")}</p>
        </Notice>
      )}
    </Screen>
  );
}

function ChangeForm() {
  const { user, site } = useFrame();
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const { send, busy, failure } = useSend(SetPassword);
  const [problems, setProblems] = useState<Problems>({});

  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const { password, ...found } = checkNewPassword(fields);
    setProblems(found);
    if (found.error || found.repeatError) return focusProblem(form.current);
    const answer = await send({
      userId: user.id,
      currentPassword: String(fields.get("current")),
      newPassword: password,
      endOtherSessions: fields.has("others"),
    });
    const result = answer?.setPassword;
    if (!result) return;
    if (result.status !== "ALLOWED") {
      setProblems(problemsOf(result.status));
      return focusProblem(form.current);
    }
    if (result.ended) {
      flash(t("others-done", { count: result.ended.browserSessions + result.ended.appSessions }));
    }
    await router.navigate({ to: "/password/change/success", replace: true });
  };

  return (
    <form className="form panel" onSubmit={save} ref={form}>
      {/* Password managers want to know whose password it is. */}
      <input type="text" autoComplete="username" value={user.mxid} readOnly hidden />
      {problems.form && (
        <Notice tone="danger" role="alert">
          <p>{problems.form}</p>
        </Notice>
      )}
      <PasswordField label={t("password-current")} name="current" required error={problems.current} />
      <NewPassword
        minimum={site.minimumPasswordComplexity}
        error={problems.error}
        repeatError={problems.repeatError}
      />
      <Check name="others" label={t("change-others")} hint={t("change-others-hint")} />
      <FailureNotice failure={failure} />
      <div className="actions-row">
        <Button type="submit" look="primary" busy={busy}>
          {t("password-change")}
        </Button>
        <Link className="button" to="/security">
          {t("cancel")}
        </Link>
      </div>
    </form>
  );
}

function problemsOf(status: SetPasswordStatus): Problems {
  switch (status) {
    case "WRONG_PASSWORD":
      return { current: t("wrong-password") };
    case "INVALID_NEW_PASSWORD":
      return { error: t("password-too-weak") };
    case "PASSWORD_CHANGES_DISABLED":
    case "NOT_ALLOWED":
      return { form: t("password-fixed") };
    case "NO_CURRENT_PASSWORD":
      return { form: t("password-none") };
    default:
      return { form: t("failure-internal") };
  }
}
