import { Link } from "@tanstack/react-router";
import { type FormEvent, useId, useRef, useState } from "react";
import { CreatePersonalSession, type CreatePersonalSessionStatus } from "../api/operations.gen";
import { useSend } from "../api/use-send";
import { NotFound } from "../frame/not-found";
import { isPower, Permissions, permissionName } from "../sessions/permissions";
import { t } from "../texts/texts";
import { Back } from "../ui/back";
import { Button } from "../ui/button";
import { Copyable } from "../ui/copyable";
import { FailureNotice } from "../ui/failure";
import { Check, Field, FieldError, focusProblem, PasswordField } from "../ui/field";
import { focusTitle } from "../ui/focus";
import { Notice } from "../ui/notice";
import { Screen, useFrame } from "../ui/screen";
import { dateOnly } from "../ui/time";

const DAY = 24 * 60 * 60;
const LIVES = [7, 30, 90, 365].map((days) => days * DAY);
/** Where a token may live for longer, this is what is chosen for it at first. */
const USUAL = 90 * DAY;

type Problem = { field: "name" | "scope" | "expiry" | "password" | "form"; text: string };

/** Makes a token and shows it, once. */
export default function NewTokenScreen() {
  const [token, setToken] = useState<string>();
  if (!useFrame().site.personalTokens) return <NotFound />;
  const show = (created: string) => {
    setToken(created);
    // After React has written the new one.
    setTimeout(focusTitle);
  };
  return (
    <Screen
      title={token === undefined ? t("token-title") : t("token-done-title")}
      lead={token === undefined ? t("token-lead") : t("token-done-lead")}
      above={<Back to="/tokens">{t("tokens-title")}</Back>}
    >
      {token === undefined ? <TokenForm onCreated={show} /> : <Created token={token} />}
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
        <Copyable text={token} label={t("token-value")} boxed />
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
  const refuse = (found: Problem) => {
    setProblem(found);
    focusProblem(form.current);
  };

  const create = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const scope = fields.getAll("scope").join(" ");
    if (scope === "") return refuse({ field: "scope", text: t("token-no-scope") });
    setProblem(undefined);
    const answer = await send({
      humanName: String(fields.get("name")).trim(),
      scope,
      expiresIn: Number(fields.get("expiry")) || undefined,
      password: proof ? String(fields.get("password")) : undefined,
    });
    const result = answer?.createPersonalSession;
    if (!result) return;
    if (result.status === "CREATED" && result.accessToken) return onCreated(result.accessToken);
    refuse(problemOf(result.status));
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
      <Scopes scopes={scopes} error={errorAt("scope")} />
      <Expiry maxTtl={maxTtl} error={errorAt("expiry")} />
      {proof && (
        <PasswordField label={t("your-password")} name="password" required error={errorAt("password")} />
      )}
      {problem?.field === "form" && (
        <Notice tone="danger" role="alert">
          <p>{problem.text}</p>
        </Notice>
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

/** Boxes to tick; where there is nothing to choose, what the token will be able to do. */
function Scopes({ scopes, error }: { scopes: string[]; error?: string }) {
  const id = useId();
  const [chosen, setChosen] = useState<string[]>([]);
  const [only] = scopes;
  if (scopes.length === 1 && only !== undefined) {
    return (
      <fieldset className="field">
        <legend>{t("token-scope")}</legend>
        {error && <FieldError>{error}</FieldError>}
        <Permissions scope={only} />
        <input type="hidden" name="scope" value={only} />
      </fieldset>
    );
  }
  return (
    <fieldset className="field" aria-describedby={error && id}>
      <legend>{t("token-scope")}</legend>
      {error && <FieldError id={id}>{error}</FieldError>}
      {scopes.map((scope) => (
        <Check
          key={scope}
          name="scope"
          value={scope}
          label={permissionName(scope)}
          hint={<code dir="ltr">{scope}</code>}
          aria-invalid={error ? true : undefined}
          onChange={({ target }) =>
            setChosen((before) =>
              target.checked ? [...before, scope] : before.filter((one) => one !== scope),
            )
          }
        />
      ))}
      {chosen.some(isPower) && (
        <Notice tone="warning" title={t("token-power")} role="status">
          <p>{t("token-power-detail")}</p>
        </Notice>
      )}
    </fieldset>
  );
}

function Expiry({ maxTtl, error }: { maxTtl: number | null; error?: string }) {
  const id = useId();
  const lives = LIVES.filter((life) => maxTtl === null || life < maxTtl);
  if (maxTtl !== null) lives.push(maxTtl);
  const [life, setLife] = useState(lives.findLast((one) => one <= USUAL) ?? lives[0]);
  return (
    <div className="field">
      <label htmlFor={id}>{t("token-expiry")}</label>
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
      <select
        id={id}
        className="select"
        name="expiry"
        value={life ?? ""}
        onChange={({ target }) => setLife(Number(target.value) || undefined)}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${id}-error ${id}-hint` : `${id}-hint`}
      >
        {lives.map((one) => (
          <option key={one} value={one}>
            {t("token-days", { days: Math.floor(one / DAY) })}
          </option>
        ))}
        {maxTtl === null && <option value="">{t("token-without-end")}</option>}
      </select>
      <p className="field-hint" id={`${id}-hint`}>
        {life === undefined
          ? t("token-never-ends")
          : t("token-ends", { date: dateOnly(new Date(Date.now() + life * 1000)) })}
      </p>
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
    case "TOO_MANY":
      return { field: "form", text: t("token-too-many") };
    case "DENIED":
      return { field: "form", text: t("token-denied") };
    default:
      return { field: "name", text: t("token-name-refused") };
  }
}
