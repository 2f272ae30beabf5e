import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { Failure, SessionLost } from "../api/failure";
import { t } from "../texts/texts";
import { Button } from "../ui/button";
import { sentence } from "../ui/failure";
import { mayLeaveToSignIn, signInAgain } from "./sign-in-again";

/** When a screen cannot be shown: why, and the one thing to do. */
export function ErrorScreen({ error }: ErrorComponentProps) {
  if (error instanceof SessionLost) return <SignedOut />;
  return <Broken error={error} />;
}

/** The shell leads whoever is not signed in to the sign-in page, and from there back to this very address. */
function SignedOut() {
  const leaving = mayLeaveToSignIn();
  useEffect(() => {
    if (leaving) signInAgain();
  }, [leaving]);
  return (
    <div className="standalone">
      <title>{t("session-lost-title")}</title>
      <header className="opening">
        <h1 tabIndex={-1}>{t("session-lost-title")}</h1>
        <p>{t("session-lost-lead")}</p>
      </header>
      <Button look="primary" onClick={signInAgain}>
        {t("sign-in")}
      </Button>
    </div>
  );
}

function Broken({ error }: { error: unknown }) {
  const router = useRouter();
  // The frame stays if it is there: it leads to the other screens.
  const retry = () =>
    router.invalidate({ filter: ({ routeId, status }) => routeId !== "/frame" || status === "error" });
  const failure = error instanceof Failure ? error : new Failure("INTERNAL", String(error));
  return (
    <div className="standalone" role="alert">
      <title>{t("broken-title")}</title>
      <header className="opening">
        <h1 tabIndex={-1}>{t("broken-title")}</h1>
        <p>{sentence(failure)}</p>
      </header>
      <div className="actions-row">
        <Button look="primary" onClick={retry}>
          {t("try-again")}
        </Button>
      </div>
      <details className="details">
        <summary>{t("broken-details")}</summary>
        <p>
          <code dir="ltr">
            {failure.code}: {failure.message}
          </code>
        </p>
      </details>
    </div>
  );
}
