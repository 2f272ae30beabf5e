declare module "virtual:texts" {
  import type { FluentResource } from "@fluent/bundle";

  /** By language. Made by vite.config.ts from backend/web/locales/. */
  const load: Record<string, () => Promise<{ default: FluentResource["body"] }>>;
  export default load;
}
