import { Link, notFound, useRouter } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ask, person } from "../api/client";
import { idIsNone } from "../api/not-found";
import { type SignInQuery as Answer, SignIn as SignInQuery } from "../api/operations.gen";
import { t } from "../texts/texts";
import { Back } from "../ui/back";
import { Copyable } from "../ui/copyable";
import { Panel } from "../ui/panel";
import { Screen, useLoaded } from "../ui/screen";
import { exact } from "../ui/time";
import { browserOn, deviceName, givenName, isCurrent, knownDevice, plainUrl, programName } from "./describe";
import { Permissions } from "./permissions";
import { RenameButton } from "./rename";
import { SignOutButton } from "./sign-out";

type Node = NonNullable<Answer["node"]>;
export type Detail = Extract<Node, { __typename: "BrowserSession" | "CompatSession" | "Oauth2Session" }>;

export async function loader({ params }: { params: { id: string } }): Promise<Detail> {
  const { viewer, node } = await ask(SignInQuery, params).catch(idIsNone);
  person(viewer);
  if (!node || !("deviceKey" in node)) throw notFound();
  return node;
}

/** All that is known about one sign-in, and what can be done with it. */
export default function SessionScreen() {
  const detail = useLoaded(loader);
  const router = useRouter();
  const [program, device] = [programName(detail), knownDevice(detail)];
  return (
    <Screen
      title={device === undefined ? program : t("program-on", { program, device })}
      above={<Back to="/sessions">{t("sessions-title")}</Back>}
    >
      {isCurrent(detail) && <p className="badge start">{t("sessions-this-browser")}</p>}
      <Panel
        title={t("session-about")}
        action={detail.__typename !== "BrowserSession" && <RenameButton session={detail} />}
      >
        <Facts detail={detail} />
      </Panel>
      {detail.__typename !== "BrowserSession" && (
        <Panel title={t("session-able-to")}>
          <Permissions scope={detail.__typename === "Oauth2Session" ? detail.scope : LEGACY_SCOPE} />
        </Panel>
      )}
      {detail.state === "ACTIVE" && (
        <div className="actions-row">
          <SignOutButton signIn={detail} look="danger" onDone={() => router.navigate({ to: "/sessions" })} />
        </div>
      )}
    </Screen>
  );
}

/** What every app of the legacy API may do. */
const LEGACY_SCOPE = "urn:matrix:client:api:*";

function Facts({ detail }: { detail: Detail }) {
  const name = givenName(detail);
  return (
    <dl className="facts">
      {name && <Fact title={t("session-name")}>{<bdi>{name}</bdi>}</Fact>}
      <Fact title={t("session-device")}>
        <bdi>{deviceName(detail)}</bdi>
      </Fact>
      <Program detail={detail} />
      {detail.finishedAt && <Fact title={t("session-ended")}>{exact(new Date(detail.finishedAt))}</Fact>}
      <Fact title={t("session-last-used")}>
        {detail.lastActiveAt ? exact(new Date(detail.lastActiveAt)) : t("session-never")}
      </Fact>
      {detail.lastActiveIp && (
        <Fact title={t("session-address")}>
          <Copyable text={detail.lastActiveIp} label={t("session-address")} />
        </Fact>
      )}
      <Fact title={t("session-since")}>{exact(new Date(detail.createdAt))}</Fact>
      {detail.__typename !== "BrowserSession" && detail.deviceId && (
        <Fact title={t("session-device-id")}>
          <Copyable text={detail.deviceId} label={t("session-device-id")} />
        </Fact>
      )}
      {detail.userAgent && (
        <Fact title={t("session-user-agent")}>
          <code dir="ltr">{detail.userAgent.raw}</code>
        </Fact>
      )}
    </dl>
  );
}

function Program({ detail }: { detail: Detail }) {
  switch (detail.__typename) {
    case "BrowserSession":
      return (
        <Fact title={t("session-apps")}>
          {t("session-apps-count", { count: detail.appSessions.totalCount })}
        </Fact>
      );
    case "Oauth2Session":
      return (
        <>
          <Fact title={t("session-app")}>
            <Link to="/clients/$id" params={{ id: detail.client.id }}>
              <bdi>{programName(detail)}</bdi>
            </Link>{" "}
            {detail.client.clientUri && <bdi className="row-aside">{plainUrl(detail.client.clientUri)}</bdi>}
          </Fact>
          <Parent browser={detail.browserSession} />
        </>
      );
    case "CompatSession":
      return (
        <>
          <Fact title={t("session-app")}>
            <bdi>{programName(detail)}</bdi>
          </Fact>
          <Parent browser={detail.browserSession} />
        </>
      );
  }
}

type Browser = Extract<Detail, { __typename: "CompatSession" }>["browserSession"];

/** The browser in which the person allowed the app. */
function Parent({ browser }: { browser: Browser }) {
  if (!browser) return null;
  return (
    <Fact title={t("session-allowed-in")}>
      <Link to="/sessions/$id" params={{ id: browser.id }}>
        <bdi>{browserOn(browser.userAgent)}</bdi>
      </Link>{" "}
      {browser.isCurrent && <span className="badge">{t("sessions-this-browser")}</span>}
    </Fact>
  );
}

export function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}
