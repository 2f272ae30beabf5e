import { Link, useRouter, useSearch } from "@tanstack/react-router";
import { Check, MessageCircleOff, ShieldAlert, ShieldQuestion } from "lucide-react";
import { AllowUserCrossSigningReset } from "../api/operations.gen";
import { useSend } from "../api/use-send";
import { t } from "../texts/texts";
import { Button } from "../ui/button";
import { FailureNotice } from "../ui/failure";
import { Notice } from "../ui/notice";
import { Screen, useFrame } from "../ui/screen";
import { tellTheApp } from "./tell-the-app";

/**
 * Lets an app replace the account's cryptographic identity: the last resort of somebody who has lost all devices and the
 * recovery key. Apps send people here (`deepLink`), and wait to be told.
 */
export default function ResetScreen() {
  const { user } = useFrame();
  const { deepLink } = useSearch({ from: "/frame/reset-cross-signing" });
  const router = useRouter();
  const { send, busy, failure } = useSend(AllowUserCrossSigningReset);
  const allow = async () => {
    const answer = await send({ userId: user.id });
    if (!answer) return;
    await router.navigate({ to: "/reset-cross-signing/success", replace: true });
    tellTheApp(answer.allowUserCrossSigningReset.user?.webAppOrigins ?? []);
  };
  return (
    <Screen
      title={t("reset-title")}
      lead={t("reset-lead")}
      above={
        <span className="emblem emblem-warning">
          <ShieldAlert size={24} aria-hidden />
        </span>
      }
    >
      <ul className="panel permissions">
        <li>
          <Check size={20} aria-hidden />
          <p>{t("reset-keeps")}</p>
        </li>
        <li className="loss">
          <MessageCircleOff size={20} aria-hidden />
          <p>{t("reset-loses")}</p>
        </li>
        <li>
          <ShieldQuestion size={20} aria-hidden />
          <p>{t("reset-verify")}</p>
        </li>
      </ul>
      <Notice tone="warning">
        <p>
          <strong>{t("reset-only-if")}</strong>
        </p>
      </Notice>
      <FailureNotice failure={failure} />
      <div className="actions-row">
        <Button look="danger" busy={busy} onClick={allow}>
          {t("reset-confirm")}
        </Button>
        {deepLink ? (
          <Link className="button" to="/reset-cross-signing/cancelled">
            {t("cancel")}
          </Link>
        ) : (
          <Link className="button" to="/security">
            {t("reset-back")}
          </Link>
        )}
      </div>
    </Screen>
  );
}
