import { t } from "../texts/texts";

/** The shape of what comes: a title and some rows. */
export function SkeletonScreen() {
  return (
    <div className="skeleton" role="status">
      <h1 className="visually-hidden">{t("loading")}</h1>
      <div className="opening">
        <span className="bone bone-title" />
        <span className="bone bone-line" />
      </div>
      <BonePanel />
      <BonePanel />
    </div>
  );
}

function BonePanel() {
  return (
    <div className="panel">
      <span className="bone bone-line" />
      <span className="bone bone-text" />
      <span className="bone bone-text" />
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
