declare module "virtual:texts" {
  import type { FluentResource } from "@fluent/bundle";

  /** By language. Made by vite.config.ts from backend/web/locales/. */
  type Words = Record<string, () => Promise<{ default: FluentResource["body"] }>>;
  /** What the first screen says, and what stands around every screen. */
  export const first: Words;
  /** What the other screens say. */
  export const rest: Words;
}
