import { Link, notFound } from "@tanstack/react-router";
import { ask, person } from "../api/client";
import { idIsNone } from "../api/not-found";
import { EmailAuthentication } from "../api/operations.gen";
import { rich, t } from "../texts/texts";
import { Screen, useLoaded } from "../ui/screen";

export async function loader({ params }: { params: { id: string } }) {
  const { viewer, userEmailAuthentication } = await ask(EmailAuthentication, params).catch(idIsNone);
  person(viewer);
  if (!userEmailAuthentication) throw notFound();
  return userEmailAuthentication;
}

/** The code was right, but the address belongs to an account already. */
export default function EmailInUseScreen() {
  const { email } = useLoaded(loader);
  return (
    <Screen
      title={t("in-use-title")}
      lead={rich("in-use-lead", { email: <strong>{<bdi>{email}</bdi>}</strong> })}
    >
      <div className="actions-row">
        <Link className="button button-primary" to="/">
          {t("to-your-account")}
        </Link>
      </div>
    </Screen>
  );
}
