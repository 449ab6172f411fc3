"use client";
export { RealtimeProvider, useConnection, type RealtimeProviderProps } from "./provider.js";
export { createRealtime, useRealtime, type RealtimeState, type UseRealtimeOptions } from "./realtime.js";
export * from "./run.js";
export { useRoom, type Room, type RoomMessage, type UseRoom } from "./room.js";
