// Plans the retention cleanup of a target over HTTP and runs exactly that plan, by the Connect client.
//
//   npm install && CARETAKER_URL=http://127.0.0.1:7421 node connect.mjs TARGET
//
// Nothing is generated: the server tells what its services look like. With protoc-gen-es the calls are the same, and typed.
// Exit codes: 0 complete, 1 failed or refused, 7 partial: those of `caretaker execute`.
import { randomUUID } from "node:crypto";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";

const baseUrl = process.env.CARETAKER_URL ?? "http://127.0.0.1:7421";
const headers = process.env.CARETAKER_TOKEN ? { Authorization: `Bearer ${process.env.CARETAKER_TOKEN}` } : {};
const authorize = (next) => (request) => {
  Object.entries(headers).forEach(([name, value]) => request.header.set(name, value));
  return next(request);
};

const descriptors = await (await fetch(`${baseUrl}/descriptors.binpb`, { headers })).arrayBuffer();
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, new Uint8Array(descriptors)));
const transport = createConnectTransport({ baseUrl, httpVersion: "1.1", interceptors: [authorize] });
const maintenance = createClient(registry.getService("caretaker.v1.MaintenanceService"), transport);
const outcomes = registry.getEnum("caretaker.v1.RunOutcome").value;

// A request has an id of its own; the last digit tells the two of a job apart.
const job = (process.env.CARETAKER_REQUEST_ID ?? randomUUID()).slice(0, -1);
const { plan } = await maintenance.planCleanup({ requestId: job + "0", target: process.argv[2] });
for await (const { event } of maintenance.executeCleanup({ requestId: job + "1", planId: plan.planId })) {
  console.log(event.sequence, event.event.case);
  if (event.event.case === "finished") {
    const outcome = outcomes[event.event.value.outcome].name.replace("RUN_OUTCOME_", "");
    console.log(`${outcome}: ${event.event.value.totals?.rowsDeleted ?? 0} rows deleted, run ${event.runId}`);
    process.exitCode = outcome === "COMPLETE" ? 0 : ["DEADLINE", "PINNED", "RESIDUAL"].includes(outcome) ? 7 : 1;
  }
}
