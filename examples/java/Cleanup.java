import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.MaintenanceServiceGrpc;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.RunFinished;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.util.Set;
import java.util.UUID;

/**
 * Plans the retention cleanup of a target over gRPC and runs exactly that plan. With the stubs and a transport of gRPC on the class
 * path:
 *
 * <pre>CARETAKER_SERVER=127.0.0.1:7420 java -cp ... Cleanup.java TARGET</pre>
 *
 * Exit codes: 0 complete, 1 failed or refused, 7 partial: those of {@code caretaker execute}.
 */
public class Cleanup {
    private static final Set<String> PARTIAL = Set.of("DEADLINE", "PINNED", "RESIDUAL");

    public static void main(String[] arguments) {
        ManagedChannel channel = ManagedChannelBuilder.forTarget(variable("CARETAKER_SERVER", "127.0.0.1:7420"))
                .usePlaintext()
                .build();
        try {
            System.exit(clean(channel, arguments[0]));
        } catch (StatusRuntimeException e) {
            System.err.println(e.getStatus().getCode() + ": " + e.getStatus().getDescription());
            System.exit(1);
        } finally {
            channel.shutdownNow();
        }
    }

    private static int clean(ManagedChannel channel, String target) {
        Metadata headers = new Metadata();
        String token = variable("CARETAKER_TOKEN", "");
        if (!token.isEmpty()) {
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        }
        var maintenance = MaintenanceServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
        // A request has an id of its own; the last digit tells the two of a job apart.
        String job = variable("CARETAKER_REQUEST_ID", UUID.randomUUID().toString());
        job = job.substring(0, job.length() - 1);
        Plan plan = maintenance
                .planCleanup(PlanCleanupRequest.newBuilder()
                        .setRequestId(job + "0")
                        .setTarget(target)
                        .build())
                .getPlan();
        var events = maintenance.executeCleanup(ExecuteCleanupRequest.newBuilder()
                .setRequestId(job + "1")
                .setPlanId(plan.getPlanId())
                .setEtag(plan.getEtag())
                .build());
        while (events.hasNext()) {
            var event = events.next().getEvent();
            if (event.hasFinished()) {
                return told(event.getFinished(), event.getRunId());
            }
        }
        return 1;
    }

    private static int told(RunFinished finished, String run) {
        String outcome = finished.getOutcome().name().replace("RUN_OUTCOME_", "");
        System.out.println(outcome + ": " + finished.getTotals().getRowsDeleted() + " rows deleted, run " + run);
        return outcome.equals("COMPLETE") ? 0 : PARTIAL.contains(outcome) ? 7 : 1;
    }

    private static String variable(String name, String other) {
        String value = System.getenv(name);
        return value == null || value.isEmpty() ? other : value;
    }
}
