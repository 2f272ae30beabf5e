import { lazy, type ReactNode, Suspense } from "react";

const load = () => import("./modal");
const Modal = lazy(load);

/** Fetches the dialog before it is asked for: for `onPointerEnter` and `onFocus` of what opens one. */
export const preloadDialog = () => void load();

export type DialogProps = {
  title: string;
  open: boolean;
  onClose: () => void;
  /** Something to fill in, rather than a question that interrupts. */
  form?: boolean;
  /** While something is under way the dialog stays. */
  busy?: boolean;
  children: ReactNode;
};

/** A question that must be answered, or left, before going on. Focus goes in, stays in, and comes back. */
export function Dialog(props: DialogProps) {
  if (!props.open) return null;
  return (
    <Suspense fallback={null}>
      <Modal {...props} />
    </Suspense>
  );
}
