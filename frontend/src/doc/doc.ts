/**
 * The documentation of the admin API, where its operations can be tried. Addresses come from the page.
 */
import "swagger-ui-dist/swagger-ui.css";
import "./doc.css";
import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";
import { receive } from "./callback";

const page = document.querySelector<HTMLElement>("#swagger-ui");
if (page) {
  const ui = SwaggerUI({
    domNode: page,
    url: page.dataset.openapiUrl,
    oauth2RedirectUrl: page.dataset.callbackUrl,
    deepLinking: true,
    // A token in the browser's storage would outlast the tab.
    persistAuthorization: false,
    presets: [SwaggerUI.presets.apis],
  });
  ui.initOAuth({ usePkceWithAuthorizationCodeGrant: true, scopes: ["urn:mas:admin"] });
  receive(window, new BroadcastChannel("api-doc-oauth2"));
}
