/** The account app. The server's shell names where it is mounted and what it talks to. */
import "./app.css";
import { RouterProvider } from "@tanstack/react-router";
import { createRoot } from "react-dom/client";
import { config, readConfig } from "./config";
import { createAppRouter } from "./router";
import { loadTexts } from "./texts/texts";
import { applyTheme } from "./ui/theme";

// A new version has been installed meanwhile, and the files of this one are gone: start anew with it, once. Where nobody
// answers at all, the screen that is there is better than none.
window.addEventListener("vite:preloadError", () => {
  const last = Number(sessionStorage.getItem("started-anew") ?? 0);
  if (Date.now() - last < 60_000) return;
  void fetch(config.root, { method: "HEAD", redirect: "manual" }).then(
    () => {
      sessionStorage.setItem("started-anew", String(Date.now()));
      location.reload();
    },
    () => {},
  );
});

const mount = document.getElementById("root");
if (!mount) throw new Error("the shell has no #root");
readConfig(mount);
applyTheme();
// Without words there is nothing to show; names of texts are better than a blank page.
await loadTexts(config.language).catch(() => {});
createRoot(mount).render(<RouterProvider router={createAppRouter()} />);
