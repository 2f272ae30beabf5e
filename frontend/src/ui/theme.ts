import { config } from "../config";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/**
 * The choice lies in a cookie, so that the server's pages can follow it from their first byte: no secret, nobody's
 * business but the browser's.
 */
export function theme(): Theme {
  const value = /(?:^|; )theme=(\w+)/.exec(document.cookie)?.[1];
  return THEMES.find((theme) => theme === value) ?? "system";
}

export function chooseTheme(theme: Theme): void {
  const path = config.root.replace(/account\/$/, "");
  const life = theme === "system" ? 0 : 400 * 24 * 60 * 60;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: Firefox ESR has no CookieStore
  document.cookie = `theme=${theme}; Path=${path}; Max-Age=${life}; SameSite=Lax${secure}`;
  applyTheme(theme);
}

export function applyTheme(chosen: Theme = theme()): void {
  if (chosen === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}
