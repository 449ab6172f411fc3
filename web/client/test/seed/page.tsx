"use client";
import { RealtimeProvider } from "../../src/react/index.js";
import { useWorkflow } from "./hooks/useWorkflow";

export function RootLayout({ children }: { children: React.ReactNode }) {
  return <RealtimeProvider>{children}</RealtimeProvider>;
}

export default function WorkflowPage() {
  const { trigger, steps, isRunFinished } = useWorkflow();
  return (
    <div>
      <button onClick={trigger}>Click to Trigger Workflow</button>
      {isRunFinished && <p>✅ Workflow Finished!</p>}
      <p>Workflow Steps:</p>
      {steps.map((step, index) => (
        <div key={index}>
          <strong>{step.stepName}</strong>
          {Boolean(step.result) && <span>: {JSON.stringify(step.result)}</span>}
        </div>
      ))}
    </div>
  );
}
