// Plans the retention cleanup of a target over gRPC and runs exactly that plan, by @grpc/grpc-js.
//
//   npm install && CARETAKER_SERVER=127.0.0.1:7420 node grpc.mjs TARGET
//
// The .proto files are those of this repository (proto/src/main/protobuf), or CARETAKER_PROTOS.
// Exit codes: 0 complete, 1 failed or refused, 7 partial: those of `caretaker execute`.
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

const protos = process.env.CARETAKER_PROTOS ?? fileURLToPath(new URL("../../proto/src/main/protobuf", import.meta.url));
const definition = loadSync("caretaker/v1/maintenance_service.proto", { includeDirs: [protos], enums: String, longs: String });
const { MaintenanceService } = grpc.loadPackageDefinition(definition).caretaker.v1;
const maintenance = new MaintenanceService(process.env.CARETAKER_SERVER ?? "127.0.0.1:7420", grpc.credentials.createInsecure());
const metadata = new grpc.Metadata();
if (process.env.CARETAKER_TOKEN) metadata.set("authorization", `Bearer ${process.env.CARETAKER_TOKEN}`);

// A request has an id of its own; the last digit tells the two of a job apart.
const job = (process.env.CARETAKER_REQUEST_ID ?? randomUUID()).slice(0, -1);
const { plan } = await new Promise((resolve, reject) =>
  maintenance.planCleanup({ requestId: job + "0", target: process.argv[2] }, metadata, (error, answer) =>
    error ? reject(error) : resolve(answer)));
for await (const { event } of maintenance.executeCleanup({ requestId: job + "1", planId: plan.planId }, metadata)) {
  if (event.finished) {
    const outcome = event.finished.outcome.replace("RUN_OUTCOME_", "");
    console.log(`${outcome}: ${event.finished.totals?.rowsDeleted ?? 0} rows deleted, run ${event.runId}`);
    process.exitCode = outcome === "COMPLETE" ? 0 : ["DEADLINE", "PINNED", "RESIDUAL"].includes(outcome) ? 7 : 1;
  }
}
maintenance.close();
