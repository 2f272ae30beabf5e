/**
 * Where `/account/?action=…` leads (Matrix 1.18, account management; MSC4191 with its older names). Actions that are not
 * known lead to the first screen: an app that is newer than this service must not end in an error.
 */
export function destination(action: string, deviceId: string | undefined) {
  switch (action.replace(/^org\.matrix\./, "")) {
    case "devices_list":
    case "sessions_list":
      return { to: "/sessions" } as const;
    // Nothing is signed out by a link: the person does that on the screen that it leads to.
    case "device_view":
    case "session_view":
    case "device_delete":
    case "session_end":
      return deviceId === undefined
        ? ({ to: "/sessions" } as const)
        : ({ to: "/devices/$", params: { _splat: deviceId } } as const);
    case "cross_signing_reset":
      return { to: "/reset-cross-signing", search: { deepLink: true } } as const;
    case "account_deactivate":
      return { to: "/delete-account" } as const;
    case "plan_management":
      return { to: "/plan" } as const;
    default:
      return { to: "/" } as const;
  }
}
