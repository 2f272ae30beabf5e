import { Check, Copy } from "lucide-react";
import { useRef, useState } from "react";
import { t } from "../texts/texts";

type Props = {
  text: string;
  label: string /** Stands out, since nothing else on the screen matters. */;
  boxed?: boolean;
};

/** A code, to be read by machines and copied by people. */
export function Copyable({ text, label, boxed = false }: Props) {
  const [copied, setCopied] = useState(false);
  const code = useRef<HTMLElement>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      // The browser does not want it: then by hand.
      if (code.current) getSelection()?.selectAllChildren(code.current);
    }
  };
  return (
    <span className={boxed ? "copyable copyable-boxed" : "copyable"}>
      <code dir="ltr" ref={code}>
        {text}
      </code>
      {"clipboard" in navigator && (
        <button
          className={boxed ? "button" : "copy"}
          type="button"
          onClick={copy}
          onBlur={() => setCopied(false)}
        >
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
