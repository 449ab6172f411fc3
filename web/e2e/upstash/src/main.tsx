import { createRoot } from "react-dom/client";
import RootLayout from "@/app/layout";
import WorkflowPage from "@/app/page";

createRoot(document).render(
  <RootLayout>
    <WorkflowPage />
  </RootLayout>,
);
