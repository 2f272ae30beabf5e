import { useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { EndBrowserSession, EndCompatSession, EndOauth2Session } from "../api/operations.gen";
import { useSend } from "../api/use-send";
import { config } from "../config";
import { rich, t } from "../texts/texts";
import { Button } from "../ui/button";
import { Dialog, preloadDialog } from "../ui/dialog";
import { FailureNotice } from "../ui/failure";
import { flash } from "../ui/flash";
import { focusTitle } from "../ui/focus";
import { Notice } from "../ui/notice";
import { deviceName, isCurrent, programName, type SignIn } from "./describe";

type Props = { signIn: SignIn; look?: "danger" | "danger-link"; onDone?: () => void };

/** Asks, and then signs out one browser or app. */
export function SignOutButton({ signIn, look = "danger-link", onDone }: Props) {
  const [asking, setAsking] = useState(false);
  const name = programName(signIn);
  return (
    <>
      <Button
        look={look}
        onPointerEnter={preloadDialog}
        onFocus={preloadDialog}
        onClick={() => setAsking(true)}
      >
        {t("sign-out")}
        <span className="visually-hidden">
          {" "}
          {name}, {deviceName(signIn)}
        </span>
      </Button>
      {asking && <SignOutDialog signIn={signIn} onClose={() => setAsking(false)} onDone={onDone} />}
    </>
  );
}

function SignOutDialog({
  signIn,
  onClose,
  onDone,
}: {
  signIn: SignIn;
  onClose: () => void;
  onDone?: () => void;
}) {
  const router = useRouter();
  const { end, busy, failure } = useEnd(signIn);
  const names = { program: programName(signIn), device: deviceName(signIn) };
  const signOut = async () => {
    if (!(await end())) return;
    if (isCurrent(signIn)) return location.assign(config.root);
    onClose();
    flash(t("sign-out-done", names));
    if (onDone) return onDone();
    await router.invalidate();
    // The row with the button is gone.
    focusTitle();
  };
  const values = { program: <bdi>{names.program}</bdi>, device: <bdi>{names.device}</bdi> };
  return (
    <Dialog title={t("sign-out-one-title", { program: names.program })} open busy={busy} onClose={onClose}>
      {signIn.__typename === "BrowserSession" ? (
        <p>{isCurrent(signIn) ? t("logout-lead") : rich("sign-out-browser-lead", values)}</p>
      ) : (
        <>
          <p>{rich("sign-out-app-lead", values)}</p>
          <Notice tone="warning">
            <p>{t("sign-out-keys")}</p>
          </Notice>
        </>
      )}
      <FailureNotice failure={failure} />
      <div className="actions">
        <Button look="danger" busy={busy} onClick={signOut}>
          {t("sign-out")}
        </Button>
        <Button onClick={onClose}>{t("sign-out-keep")}</Button>
      </div>
    </Dialog>
  );
}

/** Each kind of sign-in has a mutation of its own. One that is gone already is as good as signed out. */
function useEnd({ __typename, id }: SignIn) {
  const ends = {
    BrowserSession: useSend(EndBrowserSession),
    Oauth2Session: useSend(EndOauth2Session),
    CompatSession: useSend(EndCompatSession),
  };
  const { send, busy, failure } = ends[__typename];
  return { busy, failure, end: () => send({ id }) };
}
