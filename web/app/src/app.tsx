import { useEffect, useRef, type ReactNode } from "react";
import { Link, Route, Switch, useLocation } from "wouter";
import { RealtimeProvider } from "@stepcast/client/react";
import { useOnline } from "./hooks";
import { Empty } from "./parts/basics";
import { Brand, Steps } from "./parts/icons";
import { TokenDialog } from "./parts/token";
import { ConsolePage } from "./pages/console";
import { RoomPage } from "./pages/room";
import { RoomsPage } from "./pages/rooms";
import { RunPage } from "./pages/run";
import { RunsPage } from "./pages/runs";
import { WorkflowPage } from "./pages/workflow";

const PLACES = [
  ["/", "Workflows"],
  ["/runs", "Runs"],
  ["/rooms", "Rooms"],
  ["/console", "Console"],
] as const;

export function App() {
  return (
    <RealtimeProvider>
      <Frame>
        <Switch>
          <Route path="/"><WorkflowPage /></Route>
          <Route path="/runs"><RunsPage /></Route>
          <Route path="/runs/:id">{({ id }) => <RunPage key={id} id={id} />}</Route>
          <Route path="/console"><ConsolePage /></Route>
          <Route path="/rooms"><RoomsPage /></Route>
          <Route path="/rooms/:id">{({ id }) => <RoomPage key={id} id={id} />}</Route>
          <Route>
            <Empty icon={<Steps />} title="There is no such page" page>
              <title>No such page · Stepcast</title>
              <Link href="/" className="button main">To the workflows</Link>
            </Empty>
          </Route>
        </Switch>
      </Frame>
      <TokenDialog />
    </RealtimeProvider>
  );
}

function Frame({ children }: { children: ReactNode }) {
  const [path] = useLocation();
  const online = useOnline();
  const main = useRef<HTMLElement>(null);
  const before = useRef(path);
  // A new page is read from its beginning, by screen readers too.
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    main.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [path]);
  return (
    <>
      <a className="skip" href="#main">Skip to the content</a>
      {!online && (
        <div className="offline" role="status">
          You are offline. What is shown may be old; it catches up by itself.
        </div>
      )}
      <div className="frame">
        <header className="top">
          <Link href="/" className="brand"><Brand />Stepcast</Link>
          <nav aria-label="Pages">
            <ul>
              {PLACES.map(([href, name]) => {
                const here = href === "/" ? path === "/" : path.startsWith(href);
                return <li key={href}><Link href={href} aria-current={here ? "page" : undefined}>{name}</Link></li>;
              })}
            </ul>
          </nav>
        </header>
        <main id="main" ref={main} tabIndex={-1}>{children}</main>
      </div>
    </>
  );
}
