/** The parts that are used of a bundle without types of its own. */
declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  interface Options {
    domNode: HTMLElement;
    url: string | undefined;
    oauth2RedirectUrl: string | undefined;
    deepLinking: boolean;
    persistAuthorization: boolean;
    presets: unknown[];
  }

  interface Ui {
    initOAuth(options: { usePkceWithAuthorizationCodeGrant: boolean; scopes: string[] }): void;
  }

  const SwaggerUI: ((options: Options) => Ui) & { presets: { apis: unknown } };
  export default SwaggerUI;
}
