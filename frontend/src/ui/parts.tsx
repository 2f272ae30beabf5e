import { Children, type ReactNode } from "react";

/** Small facts in a line, with a dot between each two; where the line breaks, no dot is left over. */
export function Parts({ children }: { children: ReactNode }) {
  return (
    <span className="row-meta parts">
      <span className="parts-line">
        {Children.toArray(children).map((part, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts neither move nor keep a state
          <span className="part" key={at}>
            {at > 0 && <span className="part-dot"> · </span>}
            <span className="part-text">{part}</span>
          </span>
        ))}
      </span>
    </span>
  );
}
