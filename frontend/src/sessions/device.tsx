import { Link, redirect } from "@tanstack/react-router";
import { ask, person } from "../api/client";
import { Device } from "../api/operations.gen";
import type { loadFrame } from "../frame/frame";
import { rich, t } from "../texts/texts";
import { Screen, useLoaded } from "../ui/screen";

type Context = {
  params: { _splat?: string };
  parentMatchPromise: Promise<{ loaderData?: Awaited<ReturnType<typeof loadFrame>> }>;
};

/** Where apps send people to see one of their Matrix devices. */
export async function loader({ params, parentMatchPromise }: Context) {
  const deviceId = params._splat ?? "";
  const userId = (await parentMatchPromise).loaderData?.user.id;
  if (userId === undefined) return deviceId;
  const { session, viewer } = await ask(Device, { userId, deviceId });
  if (session) throw redirect({ to: "/sessions/$id", params: { id: session.id }, replace: true });
  if (person(viewer).personalSessions.totalCount > 0) throw redirect({ to: "/tokens", replace: true });
  return deviceId;
}

/** Neither an active session nor an access token has the device. */
export default function DeviceScreen() {
  const deviceId = useLoaded(loader);
  return (
    <Screen
      title={t("device-gone-title")}
      lead={rich("device-gone-lead", { device: <code dir="ltr">{deviceId}</code> })}
    >
      <div className="actions-row">
        <Link className="button button-primary" to="/sessions">
          {t("device-gone-list")}
        </Link>
      </div>
    </Screen>
  );
}
