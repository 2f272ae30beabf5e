/**
 * The documentation of the admin API, where its operations can be tried. Addresses come from the page, and are relative to it.
 */
import "swagger-ui-dist/swagger-ui.css";
import "./doc.css";
import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";
import { receive } from "./callback";
import { here } from "./here";

const page = document.querySelector<HTMLElement>("#swagger-ui");
if (page) {
  const absolute = (path = "") => new URL(path, location.href).href;
  const ui = SwaggerUI({
    domNode: page,
    url: absolute(page.dataset.openapiUrl),
    oauth2RedirectUrl: absolute(page.dataset.callbackUrl),
    deepLinking: true,
    // A token in the browser's storage would outlast the tab.
    persistAuthorization: false,
    presets: [SwaggerUI.presets.apis],
    plugins: [here(location.href)],
  });
  ui.initOAuth({ usePkceWithAuthorizationCodeGrant: true, scopes: ["urn:mas:admin"] });
  receive(window, new BroadcastChannel("api-doc-oauth2"));
}
