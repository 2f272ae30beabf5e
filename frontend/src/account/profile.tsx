import { Pencil } from "lucide-react";
import { type FormEvent, useEffect, useState } from "react";
import { ask, person } from "../api/client";
import { Profile, SetDisplayName } from "../api/operations.gen";
import { useSend } from "../api/use-send";
import { t } from "../texts/texts";
import { Button } from "../ui/button";
import { Dialog, preloadDialog } from "../ui/dialog";
import { FailureNotice } from "../ui/failure";
import { Field } from "../ui/field";
import { flash } from "../ui/flash";
import { useFrame } from "../ui/screen";
import { BoneLine } from "../ui/skeleton";

/** The name, once the homeserver has told it; null if there is none. */
type Name = { known: false; failed: boolean } | { known: true; name: string | null };

/** Who one is to others. The Matrix ID is there at once; the name comes from the homeserver, which may be slow or gone. */
export function ProfileCard() {
  const { user, site } = useFrame();
  const [name, setName] = useState<Name>({ known: false, failed: false });
  const [editing, setEditing] = useState(false);

  useEffect(() => {
    const leaving = new AbortController();
    ask(Profile, undefined, leaving.signal)
      .then(({ viewer }) => setName({ known: true, name: person(viewer).matrix.displayName }))
      .catch(() => leaving.signal.aborted || setName({ known: false, failed: true }));
    return () => leaving.abort();
  }, []);

  const shown = (name.known && name.name) || user.username;
  return (
    <section className="panel profile" aria-label={t("profile-title")}>
      <div className="who">
        <span className="tile tile-round tile-large" aria-hidden="true">
          {initial(shown)}
        </span>
        <span className="who-text">
          {name.known || name.failed ? <bdi className="who-name">{shown}</bdi> : <BoneLine />}
          <bdi className="who-address">{user.mxid}</bdi>
        </span>
      </div>
      {site.displayNameChangeAllowed && name.known && (
        <Button onPointerEnter={preloadDialog} onFocus={preloadDialog} onClick={() => setEditing(true)}>
          <Pencil size={18} aria-hidden />
          {t("profile-edit")}
        </Button>
      )}
      {name.known || !name.failed || <p className="field-hint">{t("profile-unavailable")}</p>}
      {name.known && (
        <Dialog title={t("profile-edit")} form open={editing} onClose={() => setEditing(false)}>
          <NameForm
            name={name.name}
            onSaved={(saved) => {
              setName({ known: true, name: saved });
              setEditing(false);
              flash(t("profile-saved"));
            }}
            onCancel={() => setEditing(false)}
          />
        </Dialog>
      )}
    </section>
  );
}

type NameFormProps = { name: string | null; onSaved: (name: string | null) => void; onCancel: () => void };

function NameForm({ name, onSaved, onCancel }: NameFormProps) {
  const { user } = useFrame();
  const { send, busy, failure } = useSend(SetDisplayName);
  const [invalid, setInvalid] = useState(false);
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get("name")).trim();
    const displayName = text === "" ? null : text;
    const answer = await send({ userId: user.id, displayName });
    setInvalid(answer?.setDisplayName.status === "INVALID");
    if (answer?.setDisplayName.status === "SET") onSaved(displayName);
  };
  return (
    <form className="form" onSubmit={save}>
      <Field
        label={t("profile-name")}
        name="name"
        defaultValue={name ?? ""}
        autoComplete="nickname"
        autoFocus
        hint={t("profile-name-hint")}
        error={invalid ? t("profile-name-invalid") : undefined}
      />
      <FailureNotice failure={failure} />
      <div className="actions">
        <Button type="submit" look="primary" busy={busy}>
          {t("save")}
        </Button>
        <Button onClick={onCancel}>{t("cancel")}</Button>
      </div>
    </form>
  );
}

function initial(name: string): string {
  const [first = ""] = new Intl.Segmenter(undefined).segment(name.replace(/^@/, "")) ?? [];
  return (typeof first === "string" ? first : first.segment).toLocaleUpperCase();
}
