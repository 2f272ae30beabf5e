import { useNavigate } from "@tanstack/react-router";
import { Search as SearchIcon } from "lucide-react";
import { type FormEvent, useEffect, useRef } from "react";
import type { SessionsSearch } from "../search";
import { t } from "../texts/texts";

const WAIT_MS = 300;

/** Narrows the list. What is chosen stands in the address, so that it can be kept and gone back to. */
export function Filters({ search }: { search: SessionsSearch }) {
  const { q, kind, inactive, ended } = search;
  return (
    <div className="filters">
      <SearchBox q={q} />
      <fieldset className="chips">
        <legend className="visually-hidden">{t("sessions-filter")}</legend>
        <Chip label={t("sessions-all")} chosen={kind === undefined} leads={{ q, inactive, ended }} />
        <Chip
          label={t("sessions-apps")}
          chosen={kind === "apps"}
          leads={{ q, inactive, ended, kind: "apps" }}
        />
        <Chip
          label={t("sessions-browsers")}
          chosen={kind === "browsers"}
          leads={{ q, inactive, ended, kind: "browsers" }}
        />
        <Chip
          label={t("sessions-inactive")}
          chosen={inactive ?? false}
          leads={{ q, kind, ended, inactive: inactive ? undefined : true }}
        />
        <Chip
          label={t("sessions-ended")}
          chosen={ended ?? false}
          leads={{ q, kind, inactive, ended: ended ? undefined : true }}
        />
      </fieldset>
    </div>
  );
}

function Chip({ label, chosen, leads }: { label: string; chosen: boolean; leads: SessionsSearch }) {
  const navigate = useNavigate();
  return (
    <button
      className="chip"
      type="button"
      aria-pressed={chosen}
      onClick={() => navigate({ to: "/sessions", search: leads, resetScroll: false })}
    >
      {label}
    </button>
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
