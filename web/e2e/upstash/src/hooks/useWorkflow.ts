"use client";
import { useRealtime } from "@/lib/realtime-client";
import { useState, useCallback } from "react";
interface WorkflowStep {
  stepName: string;
  result?: unknown;
}
export function useWorkflow() {
  const [workflowRunId, setWorkflowRunId] = useState<string | null>(null);
  const [steps, setSteps] = useState<WorkflowStep[]>([]);
  const [isRunFinished, setIsRunFinished] = useState(false);
  useRealtime({
    enabled: Boolean(workflowRunId),
    channels: workflowRunId ? [workflowRunId] : [],
    events: ["workflow.stepFinish", "workflow.runFinish"],
    onData({ event, data }) {
      if (event === "workflow.stepFinish") {
        setSteps((prev) => [...prev, data]);
      }
      if (event === "workflow.runFinish") {
        setIsRunFinished(true);
      }
    },
  });
  const trigger = async () => {
    setSteps([]);
    setIsRunFinished(false);
    const response = await fetch("/api/trigger", {
      method: "POST",
    });
    const data = await response.json();
    setWorkflowRunId(data.workflowRunId);
  };
  return {
    trigger,
    workflowRunId,
    steps,
    isRunFinished,
  };
}
