package dev.caretaker.server.api.mapping;

import dev.caretaker.server.partition.upkeep.verify.Verified;
import dev.caretaker.v1.PartitioningCheck;
import dev.caretaker.v1.PartitioningResult;
import dev.caretaker.v1.VerifyPartitioningResponse;
import java.util.List;

/** Writes what was seen of a table's partitioning. */
public final class VerificationWriter {
    private VerificationWriter() {}

    public static VerifyPartitioningResponse write(List<Verified> checks) {
        return VerifyPartitioningResponse.newBuilder()
                .addAllChecks(checks.stream().map(VerificationWriter::write).toList())
                .setPassed(checks.stream().noneMatch(check -> check.result() == Verified.Result.FAILED))
                .build();
    }

    private static PartitioningCheck write(Verified check) {
        return PartitioningCheck.newBuilder()
                .setName(check.name())
                .setResult(
                        switch (check.result()) {
                            case PASSED -> PartitioningResult.PARTITIONING_RESULT_PASSED;
                            case FAILED -> PartitioningResult.PARTITIONING_RESULT_FAILED;
                            case SKIPPED -> PartitioningResult.PARTITIONING_RESULT_SKIPPED;
                        })
                .setMessage(check.message())
                .build();
    }
}
