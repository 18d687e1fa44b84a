// What the Connect client of npm does in other ways than the example: JSON, GET, streams of JSON, errors with their details.
import http from "node:http";
import { randomUUID } from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";

const baseUrl = process.env.CARETAKER_URL;
const request = http.request;
http.request = (url, options, ...more) => {
  console.log("sent", options.method, new URL(url).pathname.replace(/.*[/]/, ""));
  return request(url, options, ...more);
};
syncBuiltinESMExports();
const descriptors = await (await fetch(`${baseUrl}/descriptors.binpb`)).arrayBuffer();
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, new Uint8Array(descriptors)));
const told = (next) => async (request) => {
  const answer = await next(request);
  console.log(request.method.name, answer.header.get("content-type"));
  return answer;
};
const transport = createConnectTransport({
  baseUrl, httpVersion: "1.1", useBinaryFormat: false, useHttpGet: true, interceptors: [told],
});
const client = (name) => createClient(registry.getService(`caretaker.v1.${name}`), transport);

const { targets } = await client("TargetService").listTargets({});
console.log(targets.map((target) => target.name).join());
const maintenance = client("MaintenanceService");
const { plan } = await maintenance.planCleanup({ requestId: randomUUID(), target: "main" });
let events = 0;
for await (const { event } of maintenance.executeCleanup({ requestId: randomUUID(), planId: plan.planId })) events += event ? 1 : 0;
console.log(events > 2 ? "events" : "no events");
try {
  await client("HoldService").setHold({ requestId: "none", target: "main" });
} catch (error) {
  const refused = ConnectError.from(error);
  console.log(Code[refused.code], JSON.stringify(refused.details.map((detail) => [detail.type, detail.debug])));
}
