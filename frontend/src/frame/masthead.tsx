/** Where you are. */
export function Masthead({ name, homeserver }: { name: string; homeserver: string }) {
  return (
    <header className="masthead">
      <Mark />
      <span className="who-text">
        <bdi className="who-name">{name}</bdi>
        {name !== homeserver && <bdi className="who-address">{homeserver}</bdi>}
      </span>
    </header>
  );
}

function Mark() {
  return (
    <svg width="28" height="28" viewBox="0 0 32 32" fill="currentColor" aria-hidden="true">
      <path
        fillRule="evenodd"
        d="M8 0h16a8 8 0 0 1 8 8v16a8 8 0 0 1-8 8H8a8 8 0 0 1-8-8V8a8 8 0 0 1 8-8Zm8 4.5a8 8 0 0 0-3 15.42c-.4 2.2-1.4 4.2-3.4 6.4-.7.8-.2 1.7.9 1.5 4.3-.6 7.9-1.5 11-2.6.8-.3 1.1-.9.8-1.6l-2.3-4.7A8 8 0 0 0 16 4.5Z"
      />
    </svg>
  );
}
