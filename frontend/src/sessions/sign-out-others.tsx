import { useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { EndOtherSessions } from "../api/operations.gen";
import { useSend } from "../api/use-send";
import { t } from "../texts/texts";
import { Button } from "../ui/button";
import { Dialog, preloadDialog } from "../ui/dialog";
import { FailureNotice } from "../ui/failure";
import { Check } from "../ui/field";
import { flash } from "../ui/flash";
import { focusTitle } from "../ui/focus";
import { Notice } from "../ui/notice";

type Counts = { browserSessions: number; appSessions: number };
type Props = {
  /** All but this browser. */
  everything: Counts;
  /** Of these, what is not on this device. */
  elsewhere: Counts;
};

const sum = (counts: Counts) => counts.browserSessions + counts.appSessions;

/** Ends every other session at once, and says beforehand how many that are. */
export function SignOutOthers({ everything, elsewhere }: Props) {
  const router = useRouter();
  const [asking, setAsking] = useState(false);
  const [keep, setKeep] = useState(sum(elsewhere) > 0);
  const { send, busy, failure } = useSend(EndOtherSessions);
  if (sum(everything) === 0) return null;

  const here = sum(everything) - sum(elsewhere);
  const ending = keep ? elsewhere : everything;
  const signOut = async () => {
    const answer = await send({ keepAppsOfThisBrowser: keep });
    if (!answer) return;
    setAsking(false);
    flash(t("others-done", { count: sum(answer.endOtherSessions.ended) }));
    await router.navigate({ to: "/sessions" });
    await router.invalidate();
    focusTitle();
  };
  return (
    <>
      <Button
        className="start"
        onPointerEnter={preloadDialog}
        onFocus={preloadDialog}
        onClick={() => setAsking(true)}
      >
        {t("others-sign-out")}
      </Button>
      <Dialog title={t("others-title")} open={asking} busy={busy} onClose={() => setAsking(false)}>
        <p>{t("others-lead", { browsers: ending.browserSessions, apps: ending.appSessions })}</p>
        {here > 0 && sum(elsewhere) > 0 && (
          <Check
            label={t("others-keep-here", { count: here })}
            checked={keep}
            onChange={(event) => setKeep(event.target.checked)}
          />
        )}
        {ending.appSessions > 0 && (
          <Notice tone="warning">
            <p>{t("sign-out-keys")}</p>
          </Notice>
        )}
        <FailureNotice failure={failure} />
        <div className="actions">
          <Button look="danger" busy={busy} onClick={signOut}>
            {t("others-confirm", { count: sum(ending) })}
          </Button>
          <Button onClick={() => setAsking(false)}>{t("cancel")}</Button>
        </div>
      </Dialog>
    </>
  );
}
