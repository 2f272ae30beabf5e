import type { ComponentProps } from "react";

type Look = "primary" | "danger" | "plain" | "link" | "danger-link";

const LOOKS: Record<Look, string> = {
  primary: "button button-primary",
  danger: "button button-danger",
  plain: "button",
  link: "button-link",
  "danger-link": "button-link button-link-danger",
};

type Props = ComponentProps<"button"> & { look?: Look; busy?: boolean };

/** A button that stays focusable while its work is under way, and does nothing then. */
export function Button({ look = "plain", busy = false, className = "", onClick, ...props }: Props) {
  return (
    <button
      type="button"
      {...props}
      className={`${LOOKS[look]} ${className}`}
      aria-disabled={busy || props["aria-disabled"] || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    />
  );
}
