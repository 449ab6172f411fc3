"use client";
import { useWorkflow } from "@/hooks/useWorkflow";
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
