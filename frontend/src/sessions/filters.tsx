import { Link, useNavigate } from "@tanstack/react-router";
import { Search as SearchIcon } from "lucide-react";
import { type FormEvent, useEffect, useRef } from "react";
import type { Kind, SessionsSearch } from "../search";
import { t } from "../texts/texts";

const WAIT_MS = 300;

/** Narrows the list. What is chosen stands in the address, so that it can be kept and gone back to. */
export function Filters({ search }: { search: SessionsSearch }) {
  return (
    <div className="filters">
      <SearchBox q={search.q} />
      <fieldset className="chips">
        <legend className="visually-hidden">{t("sessions-filter")}</legend>
        <KindChip kind={undefined} chosen={search.kind} label={t("sessions-all")} />
        <KindChip kind="apps" chosen={search.kind} label={t("sessions-apps")} />
        <KindChip kind="browsers" chosen={search.kind} label={t("sessions-browsers")} />
        <Link
          className="chip"
          to="/sessions"
          search={{
            ...search,
            inactive: search.inactive ? undefined : true,
            after: undefined,
            before: undefined,
          }}
          aria-pressed={search.inactive ?? false}
          role="button"
        >
          {t("sessions-inactive")}
        </Link>
      </fieldset>
    </div>
  );
}

function KindChip({ kind, chosen, label }: { kind?: Kind; chosen?: Kind; label: string }) {
  return (
    <Link
      className="chip"
      to="/sessions"
      search={(search) => ({ ...search, kind, after: undefined, before: undefined })}
      aria-pressed={kind === chosen}
      role="button"
    >
      {label}
    </Link>
  );
}

function SearchBox({ q }: { q?: string }) {
  const navigate = useNavigate();
  const timer = useRef<number>(undefined);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => () => clearTimeout(timer.current), []);
  // Going back changes the address without a key being pressed.
  useEffect(() => {
    if (input.current && input.current !== document.activeElement) input.current.value = q ?? "";
  }, [q]);

  const search = () => {
    clearTimeout(timer.current);
    const words = input.current?.value.trim() || undefined;
    void navigate({
      to: "/sessions",
      search: (search) => ({ ...search, q: words, after: undefined, before: undefined }),
      replace: true,
      resetScroll: false,
    });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    search();
  };
  return (
    <search>
      <form className="search-box" onSubmit={submit}>
        <SearchIcon size={20} aria-hidden />
        <input
          ref={input}
          type="search"
          name="q"
          defaultValue={q}
          aria-label={t("sessions-search")}
          placeholder={t("sessions-search")}
          autoComplete="off"
          onChange={() => {
            clearTimeout(timer.current);
            timer.current = window.setTimeout(search, WAIT_MS);
          }}
        />
      </form>
    </search>
  );
}
