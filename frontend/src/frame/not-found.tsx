import { Link, useMatches } from "@tanstack/react-router";
import { t } from "../texts/texts";

/** Nothing at this address, or nothing that this account may see: the same to whoever looks. */
export function NotFound() {
  const service = useMatches({
    select: (matches) => matches.find((match) => match.routeId === "/frame")?.loaderData?.site.serviceName,
  });
  return (
    <div className="standalone">
      <title>{[t("not-found-title"), service].filter(Boolean).join(" · ")}</title>
      <header className="opening">
        <h1 tabIndex={-1}>{t("not-found-title")}</h1>
        <p>{t("not-found-lead")}</p>
      </header>
      <div className="actions-row">
        <Link className="button button-primary" to="/">
          {t("to-your-account")}
        </Link>
      </div>
    </div>
  );
}
