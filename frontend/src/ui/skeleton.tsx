import { t } from "../texts/texts";

/** The shape of what comes: a title and some rows. */
export function SkeletonScreen() {
  return (
    <div className="skeleton" role="status">
      <h1 className="visually-hidden">{t("loading")}</h1>
      <span className="bone bone-title" />
      <span className="bone bone-line" />
      <span className="bone bone-panel" />
      <span className="bone bone-panel" />
    </div>
  );
}

/** A line of text that is still on its way. */
export function BoneLine() {
  return (
    <span className="bone bone-line">
      <span className="visually-hidden">{t("loading")}</span>
    </span>
  );
}
