import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

const ICONS = { info: Info, done: CircleCheck, warning: TriangleAlert, danger: CircleAlert };

type Props = { tone: keyof typeof ICONS; title?: string; children?: ReactNode; role?: "alert" | "status" };

/** Something to know before going on. What appears later must have a `role`, so that it is heard as well. */
export function Notice({ tone, title, children, role }: Props) {
  const Icon = ICONS[tone];
  return (
    <div className={`notice notice-${tone}`} role={role}>
      <Icon size={20} aria-hidden />
      <div>
        {title && <p className="notice-title">{title}</p>}
        {children}
      </div>
    </div>
  );
}
