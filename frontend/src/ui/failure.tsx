import type { Failure } from "../api/failure";
import { t } from "../texts/texts";
import { Notice } from "./notice";

/** Why something that was just asked for did not happen. */
export function FailureNotice({ failure }: { failure: Failure | undefined }) {
  if (!failure) return null;
  return (
    <Notice tone="danger" title={t("failure-title")} role="alert">
      <p>{sentence(failure)}</p>
    </Notice>
  );
}

export function sentence(failure: Failure): string {
  switch (failure.code) {
    case "OFFLINE":
      return t("failure-offline");
    case "RATE_LIMITED":
      return t("failure-rate-limited", { minutes: Math.max(1, Math.ceil((failure.retryAfter ?? 60) / 60)) });
    case "HOMESERVER_UNAVAILABLE":
      return t("failure-homeserver");
    case "DISABLED":
    case "FORBIDDEN":
      return t("failure-disabled");
    default:
      return t("failure-internal");
  }
}
