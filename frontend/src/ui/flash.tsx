import { CircleCheck, X } from "lucide-react";
import { useEffect, useSyncExternalStore } from "react";
import { t } from "../texts/texts";

/** Long enough to be read twice; who needs longer finds the list changed. */
const SHOWN_MS = 10_000;

let message = "";
const listeners = new Set<() => void>();

/** Says what was just done, on screen and to screen readers. */
export function flash(text: string): void {
  message = text;
  for (const listener of listeners) listener();
}

export function Flash() {
  const text = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => message,
  );
  useEffect(() => {
    if (text === "") return;
    const timer = setTimeout(() => flash(""), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div className="flash" role="status">
      {text && (
        <p>
          <CircleCheck size={20} aria-hidden />
          <span>{text}</span>
          <button className="flash-close" type="button" aria-label={t("close")} onClick={() => flash("")}>
            <X size={18} aria-hidden />
          </button>
        </p>
      )}
    </div>
  );
}
