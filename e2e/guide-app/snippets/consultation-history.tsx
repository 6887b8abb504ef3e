import { ConsultationHistory } from "@/components/consultation";

<ConsultationHistory />;
