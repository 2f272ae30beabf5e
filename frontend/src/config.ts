/** What the shell tells the app: attributes of the element that it mounts on, and of `<html>`. */
export type Config = {
  /** The path below which all screens lie, with a slash at both ends: `/account/`. */
  root: string;
  graphqlEndpoint: string;
  /** A BCP 47 tag. The server has chosen it, so that texts, dates and `<html lang>` agree. */
  language: string;
};

export const config: Config = {
  root: "/account/",
  graphqlEndpoint: "/graphql",
  language: "en",
};

export function readConfig(mount: HTMLElement): void {
  config.root = mount.dataset.root ?? config.root;
  config.graphqlEndpoint = mount.dataset.graphqlEndpoint ?? config.graphqlEndpoint;
  config.language = document.documentElement.lang || config.language;
}
