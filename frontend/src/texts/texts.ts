import { first, rest } from "virtual:texts";
import { FluentBundle, type FluentVariable } from "@fluent/bundle";
import { createElement, Fragment, type ReactNode } from "react";
import { config } from "../config";
import type { Texts } from "./texts.gen";

export type Value = string | number;
export type NoValues = Record<never, Value>;
export type TextId = keyof Texts;
/** The texts that say the same whatever happens. */
export type PlainTextId = { [Id in TextId]: keyof Texts[Id] extends never ? Id : never }[TextId];

type Arguments<Id extends TextId, V> = keyof Texts[Id] extends never
  ? []
  : [values: { [Name in keyof Texts[Id]]: V }];

let bundle: FluentBundle | undefined;

/** Fetches the words of the first screen in a language; the screens come after that. */
export async function loadTexts(language: string): Promise<void> {
  // Names are isolated by <bdi> in the markup; invisible characters would end up in copied text.
  const made = new FluentBundle([language, "en"], { useIsolating: false });
  bundle = made;
  remaining = undefined;
  await add(made, first, language);
}

/** Fetches the words of all other screens, once. */
export function loadAllTexts(): Promise<void> {
  if (!bundle) return Promise.resolve();
  remaining ??= add(bundle, rest, language()).catch((error) => {
    remaining = undefined;
    throw error;
  });
  return remaining;
}

let remaining: Promise<void> | undefined;

async function add(to: FluentBundle, words: typeof first, language: string): Promise<void> {
  const known = language in words ? language : (language.split("-")[0] ?? "en");
  const body = await (words[known] ?? words.en)?.();
  if (body) to.addResource({ body: body.default });
}

/** The text in the language of the page. */
export function t<Id extends TextId>(id: Id, ...[values]: Arguments<Id, Value>): string {
  return format(id, values as Record<string, FluentVariable> | undefined);
}

/** The text with elements in it, such as a name that stands out. */
export function rich<Id extends TextId>(id: Id, ...[values]: Arguments<Id, ReactNode>): ReactNode {
  const elements: ReactNode[] = [];
  const stand: Record<string, FluentVariable> = {};
  for (const [name, value] of Object.entries<ReactNode>(values ?? {})) {
    if (typeof value === "string" || typeof value === "number") stand[name] = value;
    else stand[name] = `${STAND_IN}${elements.push(value) - 1}${STAND_IN}`;
  }
  const parts = format(id, stand).split(STAND_IN);
  return parts.map((part, at) =>
    createElement(Fragment, { key: at }, at % 2 ? elements[Number(part)] : part),
  );
}

/** A private-use character that no text contains. */
const STAND_IN = "\uf8f0";

function format(id: TextId, values?: Record<string, FluentVariable>): string {
  const pattern = bundle?.getMessage(id)?.value;
  return bundle && pattern ? bundle.formatPattern(pattern, values, []) : id;
}

/** `Intl` formats in the language of the page. */
export function language(): string {
  return config.language;
}
