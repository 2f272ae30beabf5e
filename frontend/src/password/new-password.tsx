import { useEffect, useState } from "react";
import { type PlainTextId, t } from "../texts/texts";
import { PasswordField } from "../ui/field";
import { preloadStrength, type Score, type Strength, strengthOf } from "./strength";

const WORDS: Record<Score, PlainTextId> = {
  0: "strength-0",
  1: "strength-1",
  2: "strength-2",
  3: "strength-3",
  4: "strength-4",
};

type Props = { minimum: number; error?: string; repeatError?: string };

/** A new password, twice, with what can be said of it while it is typed. */
export function NewPassword({ minimum, error, repeatError }: Props) {
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const strength = useStrength(password);
  return (
    <>
      <div className="stack-s">
        <PasswordField
          label={t("password-new")}
          name="new"
          autoComplete="new-password"
          required
          hint={t("password-new-hint")}
          error={error}
          onFocus={preloadStrength}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Meter strength={strength} minimum={minimum} />
      </div>
      <div className="stack-s">
        <PasswordField
          label={t("password-again")}
          name="again"
          autoComplete="new-password"
          required
          error={repeatError}
          onChange={(event) => setAgain(event.target.value)}
        />
        <p className="field-hint" role="status">
          {again !== "" && !repeatError && (again === password ? t("password-match") : t("password-differ"))}
        </p>
      </div>
    </>
  );
}

/** `undefined` as long as there is nothing to judge. */
function useStrength(password: string): Strength | undefined {
  const [judged, setJudged] = useState<{ password: string; strength: Strength }>();
  useEffect(() => {
    let current = true;
    if (password !== "") {
      strengthOf(password)
        .then((strength) => current && setJudged({ password, strength }))
        // Without the word lists the server's verdict has to do.
        .catch(() => {});
    }
    return () => {
      current = false;
    };
  }, [password]);
  return password === "" ? undefined : judged?.strength;
}

function Meter({ strength, minimum }: { strength?: Strength; minimum: number }) {
  const enough = strength !== undefined && strength.score >= minimum;
  return (
    <div className="strength" data-score={strength?.score} data-enough={enough}>
      <div className="strength-bars" aria-hidden="true">
        {[1, 2, 3, 4].map((bar) => (
          <span
            key={bar}
            className={strength && strength.score >= bar ? "strength-bar on" : "strength-bar"}
          />
        ))}
      </div>
      <p role="status">
        {strength && (
          <>
            <strong>{t(WORDS[strength.score])}</strong> {advice(strength, enough)}
          </>
        )}
      </p>
    </div>
  );
}

function advice(strength: Strength, enough: boolean): string {
  if (strength.common) return t("strength-common");
  return enough ? t("strength-enough") : t("strength-more");
}

type Fields = { password: string; error?: string; repeatError?: string };

/** What the form says before the server is asked. */
export function checkNewPassword(fields: FormData): Fields {
  const password = String(fields.get("new"));
  if (password === "") return { password, error: t("password-missing") };
  if (password !== String(fields.get("again"))) return { password, repeatError: t("password-differ-error") };
  return { password };
}
