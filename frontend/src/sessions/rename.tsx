import { useRouter } from "@tanstack/react-router";
import { Pencil } from "lucide-react";
import { type FormEvent, useState } from "react";
import { SetCompatSessionName, SetOauth2SessionName } from "../api/operations.gen";
import { useSend } from "../api/use-send";
import { t } from "../texts/texts";
import { Button } from "../ui/button";
import { Dialog, preloadDialog } from "../ui/dialog";
import { FailureNotice } from "../ui/failure";
import { Field } from "../ui/field";
import { flash } from "../ui/flash";

type Session = {
  __typename: "Oauth2Session" | "CompatSession";
  id: string;
  state: string;
  humanName: string | null;
};

/** Names a device, here and in chats. */
export function RenameButton({ session }: { session: Session }) {
  const [open, setOpen] = useState(false);
  if (session.state !== "ACTIVE") return null;
  return (
    <>
      <Button
        look="link"
        onPointerEnter={preloadDialog}
        onFocus={preloadDialog}
        onClick={() => setOpen(true)}
      >
        <Pencil size={16} aria-hidden />
        {t("rename")}
      </Button>
      <Dialog title={t("rename-title")} form open={open} onClose={() => setOpen(false)}>
        <NameForm session={session} onClose={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function NameForm({ session, onClose }: { session: Session; onClose: () => void }) {
  const router = useRouter();
  const oauth = useSend(SetOauth2SessionName);
  const compat = useSend(SetCompatSessionName);
  const { busy, failure, send } = session.__typename === "Oauth2Session" ? oauth : compat;
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const humanName = String(new FormData(event.currentTarget).get("name")).trim();
    if (!(await send({ id: session.id, humanName }))) return;
    onClose();
    flash(t("rename-done"));
    await router.invalidate();
  };
  return (
    <form className="form" onSubmit={save}>
      <Field
        label={t("rename-label")}
        name="name"
        defaultValue={session.humanName ?? ""}
        required
        maxLength={100}
        autoComplete="off"
        autoFocus
        hint={t("rename-hint")}
      />
      <FailureNotice failure={failure} />
      <div className="actions">
        <Button type="submit" look="primary" busy={busy}>
          {t("save")}
        </Button>
        <Button onClick={onClose}>{t("cancel")}</Button>
      </div>
    </form>
  );
}
