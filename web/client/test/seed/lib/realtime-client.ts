"use client";
import { createRealtime } from "../../../src/react/index.js";
import type { RealtimeEvents } from "./realtime";
export const { useRealtime } = createRealtime<RealtimeEvents>();
