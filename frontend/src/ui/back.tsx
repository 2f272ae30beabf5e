import { Link, type LinkProps } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";

/** Leads one level up, above the title. */
export function Back({ to, children }: { to: LinkProps["to"]; children: string }) {
  return (
    <Link className="back" to={to}>
      <ChevronLeft className="flip" size={20} aria-hidden />
      {children}
    </Link>
  );
}
