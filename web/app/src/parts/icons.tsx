import type { ReactNode } from "react";

function Icon({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <svg
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className={className}
    >
      {children}
    </svg>
  );
}

export const Check = () => <Icon><path d="m4.5 10.5 3.5 3.5 7.5-8" /></Icon>;
export const Cross = () => <Icon><path d="m5.5 5.5 9 9m0-9-9 9" /></Icon>;
export const Moon = () => <Icon><path d="M15.5 12A6.5 6.5 0 0 1 8 4.5 6.5 6.5 0 1 0 15.5 12Z" /></Icon>;
export const Hourglass = () => <Icon><path d="M6 3.5h8M6 16.5h8M7 3.5c0 4 6 4 6 6.5s-6 2.5-6 6.5M13 3.5c0 4-6 4-6 6.5s6 2.5 6 6.5" /></Icon>;
export const Again = () => <Icon><path d="M15.5 10a5.5 5.5 0 1 1-1.7-4M15.5 3v3.5H12" /></Icon>;
export const Spinner = () => <Icon className="spin"><path d="M10 3.5a6.5 6.5 0 1 1-6.5 6.5" /></Icon>;
export const Ring = () => <Icon><circle cx="10" cy="10" r="5.5" /></Icon>;
export const Qr = () => <Icon><path d="M4 4h4.5v4.5H4zM11.5 4H16v4.5h-4.5zM4 11.5h4.5V16H4zM11.5 11.5h1.5v1.5M16 11.5V16h-4.5v-1.5" /></Icon>;
export const Link = () => <Icon><path d="M8.5 11.5a3 3 0 0 0 4.2 0l2.4-2.4a3 3 0 0 0-4.2-4.2l-.7.7M11.5 8.5a3 3 0 0 0-4.2 0l-2.4 2.4a3 3 0 0 0 4.2 4.2l.7-.7" /></Icon>;
export const Warning = () => <Icon><path d="M10 3.5 17 16H3L10 3.5Zm0 5v3.5m0 2v.1" /></Icon>;
export const Steps = () => <Icon><path d="M4 14h4M7 10h6M12 6h4" /></Icon>;
export const Bubble = () => <Icon><path d="M4 4.5h12v8.5H9.5L6 16v-3H4V4.5Z" /></Icon>;
export const Flame = () => <Icon><path d="M10 3c.5 3-3.5 4.5-3.5 8.5a4 4 0 0 0 7.5 1.800C15 10.5 12.5 9 12.5 7 11.5 7.5 11 8.5 11 9.5 10 8.5 10 5 10 3Z" /></Icon>;
export const Brand = () => (
  <svg viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="8" fill="#3552c8" />
    <path d="M8 22h6M13 16h8M19 10h5" fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
  </svg>
);
