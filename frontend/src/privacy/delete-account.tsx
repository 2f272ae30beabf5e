import { Link } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { DeactivateUser } from "../api/operations.gen";
import { useSend } from "../api/use-send";
import { NotFound } from "../frame/not-found";
import { rich, t } from "../texts/texts";
import { Back } from "../ui/back";
import { Button } from "../ui/button";
import { Done } from "../ui/done";
import { FailureNotice } from "../ui/failure";
import { Check, Field, focusProblem, PasswordField } from "../ui/field";
import { focusTitle } from "../ui/focus";
import { Notice } from "../ui/notice";
import { Screen, useFrame } from "../ui/screen";

/** A password manager that fills in the password and sends the form must not be what ends an account. */
const PAUSE_MS = 500;

export default function DeleteAccountScreen() {
  const { site, user } = useFrame();
  const [deleted, setDeleted] = useState(false);
  if (!site.accountDeactivationAllowed) return <NotFound />;
  if (deleted) return <Deleted />;
  return (
    <Screen
      title={t("delete-title")}
      lead={rich("delete-lead", { mxid: <strong>{<bdi>{user.mxid}</bdi>}</strong> })}
      above={<Back to="/privacy">{t("privacy-title")}</Back>}
    >
      <ul className="consequences">
        <li>{t("delete-sessions")}</li>
        <li>{t("delete-rooms")}</li>
        <li>{t("delete-name")}</li>
        <li>{t("delete-for-ever")}</li>
      </ul>
      <DeleteForm
        onDeleted={() => {
          setDeleted(true);
          setTimeout(focusTitle);
        }}
      />
    </Screen>
  );
}

/** The server may have forgotten by now who this browser was signed in as: it could only ask to sign in. */
function Deleted() {
  const { user } = useFrame();
  return (
    <Screen
      title={t("stopped-deactivated-title")}
      lead={`${t("stopped-deactivated-lead", { mxid: user.mxid })} ${t("device-close")}`}
      above={<Done />}
    />
  );
}

function DeleteForm({ onDeleted }: { onDeleted: () => void }) {
  const { proof, user } = useFrame();
  const form = useRef<HTMLFormElement>(null);
  const { send, busy, failure } = useSend(DeactivateUser);
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState(false);
  const complete = proof ? typed !== "" : typed.trim() === user.mxid;
  const ready = useAfterPause(complete);

  const remove = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!ready) return;
    const hsErase = new FormData(event.currentTarget).has("erase");
    const answer = await send({ hsErase, password: proof ? typed : undefined });
    if (!answer) return;
    if (answer.deactivateUser.status === "DEACTIVATED") return onDeleted();
    setWrong(true);
    focusProblem(form.current);
  };

  return (
    <form className="form panel" onSubmit={remove} ref={form}>
      <Check name="erase" label={t("delete-erase")} hint={t("delete-erase-hint")} />
      {proof ? (
        <PasswordField
          label={t("your-password")}
          name="password"
          required
          error={wrong ? t("wrong-password") : undefined}
          onChange={(event) => setTyped(event.target.value)}
        />
      ) : (
        <Field
          label={t("delete-type-mxid")}
          name="mxid"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          dir="ltr"
          required
          hint={<bdi>{user.mxid}</bdi>}
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
      <div role="status">
        {complete && (
          <Notice tone="danger" title={t("delete-last-warning")}>
            <p>{t("delete-for-ever")}</p>
          </Notice>
        )}
      </div>
      <FailureNotice failure={failure} />
      <div className="actions-row">
        <Button type="submit" look="danger" busy={busy} disabled={!ready}>
          {t("delete-confirm")}
        </Button>
        <Link className="button" to="/privacy">
          {t("delete-keep")}
        </Link>
      </div>
    </form>
  );
}

/** True once `condition` has held for a moment; false at once when it no longer does. */
function useAfterPause(condition: boolean): boolean {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (!condition) return setHeld(false);
    const timer = setTimeout(() => setHeld(true), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [condition]);
  return held && condition;
}
