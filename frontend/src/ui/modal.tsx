import { Modal as AriaModal, Dialog, Heading, ModalOverlay } from "react-aria-components";
import type { DialogProps } from "./dialog";

export default function Modal({ title, onClose, busy = false, form = false, children }: DialogProps) {
  return (
    <ModalOverlay
      className="veil"
      isOpen
      isDismissable={!busy}
      isKeyboardDismissDisabled={busy}
      onOpenChange={(open) => open || onClose()}
    >
      <AriaModal className="dialog">
        <Dialog className="dialog-body" role={form ? "dialog" : "alertdialog"}>
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {children}
        </Dialog>
      </AriaModal>
    </ModalOverlay>
  );
}
