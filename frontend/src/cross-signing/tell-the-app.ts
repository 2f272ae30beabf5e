declare global {
  interface Window {
    /** Apps that show this page in a view of their own put it there (Matrix: user-interactive authentication, fallback). */
    onAuthDone?: () => void;
  }
}

/**
 * Tells the app that opened this page that it may go on. Only web apps that are signed in to this account hear of it:
 * the browser delivers a message to the opener only if its origin is the one that is named.
 */
export function tellTheApp(origins: string[]): void {
  if (window.onAuthDone) {
    window.onAuthDone();
    return;
  }
  const opener: Window | null = window.opener;
  for (const origin of origins) opener?.postMessage("authDone", origin);
}
