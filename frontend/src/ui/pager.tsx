import { Link } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight } from "lucide-react";
import type { At } from "../search";
import { t } from "../texts/texts";

type Info = {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string | null;
  endCursor: string | null;
};

/**
 * Leads to the pages before and after. The API tells only whether the list goes on in the direction that was asked for;
 * that there is something behind is known from having come from there.
 */
export function Pager({
  info,
  at,
  to,
}: {
  info: Info;
  at: At;
  to: "/sessions" | "/security/activity" | "/tokens";
}) {
  const back = at.before === undefined ? at.after !== undefined : info.hasPreviousPage;
  const on = at.before === undefined ? info.hasNextPage : true;
  if (!back && !on) return null;
  const keep = (search: object) => ({ ...search, after: undefined, before: undefined });
  return (
    <nav className="pager" aria-label={t("pager")}>
      {back && info.startCursor && (
        <Link
          className="button"
          to={to}
          search={(search) => ({ ...keep(search), before: info.startCursor ?? undefined })}
        >
          <ChevronLeft className="flip" size={20} aria-hidden />
          {t("pager-newer")}
        </Link>
      )}
      {on && info.endCursor && (
        <Link
          className="button pager-on"
          to={to}
          search={(search) => ({ ...keep(search), after: info.endCursor ?? undefined })}
        >
          {t("pager-older")}
          <ChevronRight className="flip" size={20} aria-hidden />
        </Link>
      )}
    </nav>
  );
}
