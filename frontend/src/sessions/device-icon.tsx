import { Monitor, Smartphone, Tablet, TabletSmartphone } from "lucide-react";
import type { DeviceKind } from "./describe";

const ICONS = { computer: Monitor, phone: Smartphone, tablet: Tablet, unknown: TabletSmartphone };

/** Always beside words that say the same. */
export function DeviceIcon({ kind, size = 22 }: { kind: DeviceKind; size?: number }) {
  const Icon = ICONS[kind];
  return <Icon size={size} aria-hidden />;
}
