/** The parts that are used of a bundle without types of its own. */
declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  interface Options {
    domNode: HTMLElement;
    url: string;
    oauth2RedirectUrl: string;
    deepLinking: boolean;
    persistAuthorization: boolean;
    presets: unknown[];
    plugins: unknown[];
  }

  interface Ui {
    initOAuth(options: { usePkceWithAuthorizationCodeGrant: boolean; scopes: string[] }): void;
  }

  const SwaggerUI: ((options: Options) => Ui) & { presets: { apis: unknown } };
  export default SwaggerUI;
}
