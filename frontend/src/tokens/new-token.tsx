import { Link } from "@tanstack/react-router";
import { type FormEvent, useRef, useState } from "react";
import { CreatePersonalSession, type CreatePersonalSessionStatus } from "../api/operations.gen";
import { useSend } from "../api/use-send";
import { NotFound } from "../frame/not-found";
import { permissionName } from "../sessions/permissions";
import { t } from "../texts/texts";
import { Back } from "../ui/back";
import { Button } from "../ui/button";
import { Copyable } from "../ui/copyable";
import { FailureNotice } from "../ui/failure";
import { Check, Field, FieldError, focusProblem, PasswordField } from "../ui/field";
import { Notice } from "../ui/notice";
import { Screen, useFrame } from "../ui/screen";

const DAY = 24 * 60 * 60;
const LIVES = [7, 30, 90, 365].map((days) => days * DAY);

type Problem = { field: "name" | "scope" | "expiry" | "password"; text: string };

/** Makes a token and shows it, once. */
export default function NewTokenScreen() {
  const [token, setToken] = useState<string>();
  if (!useFrame().site.personalTokens) return <NotFound />;
  return (
    <Screen
      title={token === undefined ? t("token-title") : t("token-done-title")}
      lead={token === undefined ? t("token-lead") : t("token-done-lead")}
      above={<Back to="/tokens">{t("tokens-title")}</Back>}
    >
      {token === undefined ? <TokenForm onCreated={setToken} /> : <Created token={token} />}
    </Screen>
  );
}

function Created({ token }: { token: string }) {
  return (
    <>
      <Notice tone="warning" title={t("token-once")} role="status">
        <p>{t("token-once-detail")}</p>
      </Notice>
      <div className="panel">
        <Copyable text={token} label={t("token-value")} />
      </div>
      <div className="actions-row">
        <Link className="button button-primary" to="/tokens">
          {t("token-stored")}
        </Link>
      </div>
    </>
  );
}

function TokenForm({ onCreated }: { onCreated: (token: string) => void }) {
  const { site, proof } = useFrame();
  const form = useRef<HTMLFormElement>(null);
  const { send, busy, failure } = useSend(CreatePersonalSession);
  const [problem, setProblem] = useState<Problem>();
  const { scopes = [], maxTtl = null } = site.personalTokens ?? {};
  const errorAt = (field: Problem["field"]) => (problem?.field === field ? problem.text : undefined);

  const create = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const chosen = fields.getAll("scope").join(" ");
    if (chosen === "") return setProblem({ field: "scope", text: t("token-no-scope") });
    const answer = await send({
      humanName: String(fields.get("name")).trim(),
      scope: chosen,
      expiresIn: Number(fields.get("expiry")) || undefined,
      password: proof ? String(fields.get("password")) : undefined,
    });
    const result = answer?.createPersonalSession;
    if (!result) return;
    if (result.status === "CREATED" && result.accessToken) return onCreated(result.accessToken);
    setProblem(problemOf(result.status));
    focusProblem(form.current);
  };

  return (
    <form className="form panel" onSubmit={create} ref={form}>
      <Field
        label={t("token-name")}
        name="name"
        required
        maxLength={100}
        autoComplete="off"
        hint={t("token-name-hint")}
        error={errorAt("name")}
      />
      <fieldset className="field">
        <legend>{t("token-scope")}</legend>
        {problem?.field === "scope" && <FieldError>{problem.text}</FieldError>}
        {scopes.map((scope) => (
          <Check
            key={scope}
            name="scope"
            value={scope}
            label={permissionName(scope)}
            hint={<code dir="ltr">{scope}</code>}
          />
        ))}
      </fieldset>
      <Expiry maxTtl={maxTtl} error={errorAt("expiry")} />
      {proof && (
        <PasswordField label={t("your-password")} name="password" required error={errorAt("password")} />
      )}
      <FailureNotice failure={failure} />
      <div className="actions-row">
        <Button type="submit" look="primary" busy={busy}>
          {t("token-create")}
        </Button>
        <Link className="button" to="/tokens">
          {t("cancel")}
        </Link>
      </div>
    </form>
  );
}

function Expiry({ maxTtl, error }: { maxTtl: number | null; error?: string }) {
  const lives = LIVES.filter((life) => maxTtl === null || life < maxTtl);
  if (maxTtl !== null) lives.push(maxTtl);
  return (
    <div className="field">
      <label htmlFor="expiry">{t("token-expiry")}</label>
      {error && <FieldError>{error}</FieldError>}
      <select
        id="expiry"
        className="select"
        name="expiry"
        defaultValue={lives.find((life) => life >= 30 * DAY) ?? lives[0]}
      >
        {lives.map((life) => (
          <option key={life} value={life}>
            {t("token-days", { days: Math.max(1, Math.floor(life / DAY)) })}
          </option>
        ))}
        {maxTtl === null && <option value="">{t("token-without-end")}</option>}
      </select>
    </div>
  );
}

function problemOf(status: CreatePersonalSessionStatus): Problem {
  switch (status) {
    case "INCORRECT_PASSWORD":
      return { field: "password", text: t("wrong-password") };
    case "INVALID_SCOPE":
      return { field: "scope", text: t("token-scope-refused") };
    case "INVALID_EXPIRY":
      return { field: "expiry", text: t("token-expiry-refused") };
    default:
      return { field: "name", text: t("token-name-refused") };
  }
}
