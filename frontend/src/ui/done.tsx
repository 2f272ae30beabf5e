import { Check } from "lucide-react";

/** Above the title of a screen that tells of something that has come about. */
export function Done() {
  return (
    <span className="emblem emblem-done">
      <Check size={24} aria-hidden />
    </span>
  );
}
