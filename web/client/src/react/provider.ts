import { createContext, createElement, useContext, useEffect, useRef, useState, type ReactNode } from "react";
import { connect, type ConnectOptions, type Connection, type Transport } from "../index.js";

const Context = createContext<Connection<any> | null>(null);

export interface RealtimeProviderProps {
  children: ReactNode;
  api?: { url?: string; withCredentials?: boolean };
  /** Failed attempts in a row before giving up; default: never. */
  maxReconnectAttempts?: number;
  transport?: "auto" | Transport;
  /** The right to listen; the latest value is sent on every connect. */
  grant?: ConnectOptions["grant"];
}

/** One connection for everything below; it opens with the first hook that listens. */
export function RealtimeProvider(props: RealtimeProviderProps) {
  const latest = useRef(props);
  const closing = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [connection] = useState(() =>
    connect<any>({
      ...props,
      ...props.api,
      maxRetries: props.maxReconnectAttempts,
      grant() {
        const { grant } = latest.current;
        return typeof grant === "function" ? grant() : grant;
      },
    }),
  );
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    clearTimeout(closing.current);
    // Strict mode unmounts and mounts again at once: that is no end.
    return () => {
      closing.current = setTimeout(() => connection.close());
    };
  }, [connection]);
  return createElement(Context, { value: connection }, props.children);
}

/** The provider's connection, for what the hooks do not do. */
export function useConnection<E = any>(): Connection<E> {
  const connection = useContext(Context);
  if (!connection) throw new Error("no <RealtimeProvider> above");
  return connection;
}
