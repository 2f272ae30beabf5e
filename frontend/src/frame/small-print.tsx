import { Languages, SunMoon } from "lucide-react";
import { type ReactNode, useState } from "react";
import { SetLanguage } from "../api/operations.gen";
import { useSend } from "../api/use-send";
import { language, t } from "../texts/texts";
import { FailureNotice } from "../ui/failure";
import { chooseTheme, THEMES, type Theme, theme } from "../ui/theme";

type Site = { policyUri: string | null; tosUri: string | null; imprint: string | null; languages?: string[] };

/** The foot of every screen: what the operator must say, and how to read it. */
export function SmallPrint({ site }: { site: Site }) {
  return (
    <footer className="small-print">
      <div className="choices">
        {site.languages && site.languages.length > 1 && <LanguageMenu languages={site.languages} />}
        <ThemeMenu />
      </div>
      {site.policyUri && (
        <a href={site.policyUri} rel="noreferrer">
          {t("shell-privacy")}
        </a>
      )}
      {site.tosUri && (
        <a href={site.tosUri} rel="noreferrer">
          {t("shell-terms")}
        </a>
      )}
      {site.imprint && <span>{site.imprint}</span>}
      <span>{t("shell-made-with")}</span>
    </footer>
  );
}

function LanguageMenu({ languages }: { languages: string[] }) {
  const { send, busy, failure } = useSend(SetLanguage);
  const choose = async (chosen: string) => {
    // Words, dates and direction all change: the page starts anew.
    if (await send({ language: chosen })) location.reload();
  };
  return (
    <>
      <Menu
        icon={<Languages size={18} aria-hidden />}
        label={t("choose-language")}
        value={languages.find((tag) => tag === language()) ?? language()}
        disabled={busy}
        onChange={choose}
      >
        {languages.map((tag) => (
          <option key={tag} value={tag} lang={tag}>
            {nameOf(tag)}
          </option>
        ))}
      </Menu>
      <FailureNotice failure={failure} />
    </>
  );
}

/** A language in its own words, as somebody who reads no other would look for it. */
function nameOf(tag: string): string {
  const name = new Intl.DisplayNames(tag, { type: "language" }).of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
}

function ThemeMenu() {
  const [chosen, setChosen] = useState<Theme>(theme);
  const names: Record<Theme, string> = {
    system: t("theme-system"),
    light: t("theme-light"),
    dark: t("theme-dark"),
  };
  const choose = (value: string) => {
    const next = THEMES.find((theme) => theme === value) ?? "system";
    setChosen(next);
    chooseTheme(next);
  };
  return (
    <Menu icon={<SunMoon size={18} aria-hidden />} label={t("choose-theme")} value={chosen} onChange={choose}>
      {THEMES.map((theme) => (
        <option key={theme} value={theme}>
          {names[theme]}
        </option>
      ))}
    </Menu>
  );
}

type MenuProps = {
  icon: ReactNode;
  label: string;
  value: string;
  disabled?: boolean;
  onChange: (value: string) => void;
  children: ReactNode;
};

function Menu({ icon, label, value, disabled, onChange, children }: MenuProps) {
  return (
    <label className="menu">
      {icon}
      <span className="visually-hidden">{label}</span>
      <select value={value} disabled={disabled} onChange={(event) => onChange(event.target.value)}>
        {children}
      </select>
    </label>
  );
}
