import { Link } from "@tanstack/react-router";
import { AppWindow, ChevronRight, Globe } from "lucide-react";
import { useId } from "react";
import { t } from "../texts/texts";
import { Parts } from "../ui/parts";
import { isRecent, Time } from "../ui/time";
import { deviceKind, deviceName, givenName, isCurrent, programName, type SignIn } from "./describe";
import { DeviceIcon } from "./device-icon";
import { SignOutButton } from "./sign-out";

/** One device and all that is signed in on it. */
export function DeviceCard({ signIns }: { signIns: SignIn[] }) {
  const id = useId();
  // Browsers do not tell the model of a phone; apps do.
  const told =
    signIns.find((signIn) => signIn.userAgent?.model) ??
    signIns.find((signIn) => signIn.userAgent?.os) ??
    signIns[0];
  if (!told) return null;
  return (
    <li className="device">
      <div className="device-head">
        <DeviceIcon kind={deviceKind(told)} />
        <h2 id={id}>
          <bdi>{deviceName(told)}</bdi>
        </h2>
        {signIns.some(isCurrent) && <span className="badge">{t("sessions-this-device")}</span>}
      </div>
      <ul className="rows" aria-labelledby={id}>
        {signIns.map((signIn) => (
          <SignInRow key={signIn.id} signIn={signIn} />
        ))}
      </ul>
    </li>
  );
}

function SignInRow({ signIn }: { signIn: SignIn }) {
  const name = givenName(signIn);
  return (
    <li className="row">
      <ProgramIcon signIn={signIn} />
      <Link className="row-text row-link" to="/sessions/$id" params={{ id: signIn.id }}>
        <span className="row-title">
          <bdi>{programName(signIn)}</bdi>
          {name && (
            <>
              {" "}
              <bdi className="row-aside">{name}</bdi>
            </>
          )}
          <ChevronRight className="flip" size={16} aria-hidden />
        </span>
        <LastUsed signIn={signIn} />
      </Link>
      {signIn.state === "ACTIVE" && <SignOutButton signIn={signIn} />}
    </li>
  );
}

export function ProgramIcon({ signIn }: { signIn: SignIn }) {
  if (signIn.__typename === "Oauth2Session" && signIn.client.logo) {
    return <img className="logo" src={signIn.client.logo} alt="" width={24} height={24} loading="lazy" />;
  }
  const Icon = signIn.__typename === "BrowserSession" ? Globe : AppWindow;
  return <Icon className="row-icon" size={20} aria-hidden />;
}

/** "This browser", "Active now · 203.0.113.7", "Yesterday, 14:05", "Signed in 3 May", "Signed out 3 May". */
function LastUsed({ signIn }: { signIn: SignIn }) {
  const { lastActiveAt, lastActiveIp, createdAt, finishedAt } = signIn;
  const address = lastActiveIp && <bdi className="tabular">{lastActiveIp}</bdi>;
  if (finishedAt) {
    return (
      <Parts>
        <span>
          {t("session-ended")} <Time at={finishedAt} />
        </span>
        {address}
      </Parts>
    );
  }
  if (isCurrent(signIn)) {
    return (
      <Parts>
        <strong>{t("sessions-this-browser")}</strong>
        {address}
      </Parts>
    );
  }
  if (lastActiveAt && isRecent(lastActiveAt)) {
    return (
      <Parts>
        <span className="active-now">{t("sessions-active-now")}</span>
        {address}
      </Parts>
    );
  }
  return (
    <Parts>
      <span>
        {lastActiveAt ? t("sessions-last-used") : t("sessions-signed-in")}{" "}
        <Time at={lastActiveAt ?? createdAt} />
      </span>
      {address}
    </Parts>
  );
}
