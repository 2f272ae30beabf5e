import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { t } from "../texts/texts";

/** A code, to be read by machines and copied by people. */
export function Copyable({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <span className="copyable">
      <code dir="ltr">{text}</code>
      {"clipboard" in navigator && (
        <button className="copy" type="button" onClick={copy} onBlur={() => setCopied(false)}>
          {copied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
          <span aria-live="polite">
            {copied ? t("copied") : t("copy")}
            <span className="visually-hidden"> {label}</span>
          </span>
        </button>
      )}
    </span>
  );
}
