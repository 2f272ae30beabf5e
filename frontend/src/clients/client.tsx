import { notFound } from "@tanstack/react-router";
import { ask, person } from "../api/client";
import { idIsNone } from "../api/not-found";
import { Client } from "../api/operations.gen";
import { plainUrl } from "../sessions/describe";
import { Fact } from "../sessions/session";
import { t } from "../texts/texts";
import { Back } from "../ui/back";
import { Copyable } from "../ui/copyable";
import { Screen, useLoaded } from "../ui/screen";

export async function loader({ params }: { params: { id: string } }) {
  const { viewer, oauth2Client } = await ask(Client, params).catch(idIsNone);
  person(viewer);
  if (!oauth2Client) throw notFound();
  return oauth2Client;
}

/** What an app says of itself. */
export default function ClientScreen() {
  const client = useLoaded(loader);
  const name = client.clientName ?? client.clientId;
  return (
    <Screen title={name} lead={t("client-lead")} above={<Back to="/sessions">{t("sessions-title")}</Back>}>
      <div className="panel">
        {client.logo && <img className="tile tile-logo" src={client.logo} alt="" width={44} height={44} />}
        <dl className="facts">
          <Address title={t("client-site")} url={client.clientUri} />
          <Address title={t("shell-privacy")} url={client.policyUri} />
          <Address title={t("shell-terms")} url={client.tosUri} />
          <Fact title={t("client-goes-to")}>
            <ul className="plain">
              {client.redirectUris.map((uri) => (
                <li key={uri}>
                  <code dir="ltr">{uri}</code>
                </li>
              ))}
            </ul>
          </Fact>
          <Fact title={t("client-id")}>
            <Copyable text={client.clientId} label={t("client-id")} />
          </Fact>
        </dl>
      </div>
    </Screen>
  );
}

function Address({ title, url }: { title: string; url: string | null }) {
  // Whoever registered the app chose it: only what opens as a web page becomes a link.
  if (!url || !/^https?:/.test(url)) return null;
  return (
    <Fact title={title}>
      <a href={url} rel="noreferrer">
        {plainUrl(url)}
      </a>
    </Fact>
  );
}
