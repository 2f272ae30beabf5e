import { getRouteApi, useMatch } from "@tanstack/react-router";
import type { ReactNode } from "react";

/** What the screen's loader has fetched. It is there: the router shows a screen after its loader is done. */
export function useLoaded<Data>(_loader: (context: never) => Promise<Data>): Data {
  return useMatch({ strict: false }).loaderData as Data;
}

/** Who is here and what the operator allows. */
export function useFrame() {
  return getRouteApi("/frame").useLoaderData();
}

/** A screen below the frame: its title in the browser's bar and on top, then its parts. */
export function Screen({ title, lead, above, children }: ScreenProps) {
  const { site } = useFrame();
  return (
    <>
      <title>{`${title} · ${site.serviceName}`}</title>
      {above}
      <header className="opening">
        <h1 tabIndex={-1}>{title}</h1>
        {lead && <p>{lead}</p>}
      </header>
      {children}
    </>
  );
}

type ScreenProps = { title: string; lead?: ReactNode; above?: ReactNode; children?: ReactNode };
