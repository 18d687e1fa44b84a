package dev.caretaker.server.api.mapping;

import dev.caretaker.server.partition.listing.PartitionAge;
import dev.caretaker.server.partition.listing.PartitionQuery;
import dev.caretaker.server.store.TableName;
import dev.caretaker.v1.ListPartitionsRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads what partitions a caller wants to see. */
public final class PartitionReader {
    private static final int USUAL_PAGE = 1_000;
    private static final int LARGEST_PAGE = 10_000;
    private static final Duration USUAL_COUNT = Duration.ofSeconds(30);

    private PartitionReader() {}

    public static PartitionQuery read(Violations violations, Paging paging, ListPartitionsRequest request) {
        String target = violations.required("target", request.getTarget());
        Optional<TableName> table = request.hasTable()
                ? Optional.of(Names.read(violations, "table", request.getTable()))
                : Optional.empty();
        violations.require(
                table.isEmpty() || request.getSchema().isEmpty(),
                "schema",
                "goes with no table: the table has its own");
        violations.require(
                request.getExact() || !request.hasCountTimeout(), "count_timeout", "goes with exact, which is not set");
        Paging.Page page =
                paging.page(violations, request.getPageSize(), request.getPageToken(), USUAL_PAGE, LARGEST_PAGE);
        return new PartitionQuery(
                target,
                table,
                Optional.of(request.getSchema()).filter(schema -> !schema.isEmpty()),
                ages(violations, request),
                request.getExact() ? Optional.ofNullable(countTimeout(violations, request)) : Optional.empty(),
                page.size(),
                after(violations, page));
    }

    private static Optional<Long> after(Violations violations, Paging.Page page) {
        boolean oid = page.after().filter(key -> !key.matches("\\d{1,10}")).isEmpty();
        violations.require(oid, "page_token", "is not a token of this list");
        return page.after().filter(key -> oid).map(Long::valueOf);
    }

    private static Set<PartitionAge> ages(Violations violations, ListPartitionsRequest request) {
        return request.getAgesList().stream()
                .map(age -> switch (age) {
                    case PARTITION_AGE_PAST -> Optional.of(PartitionAge.PAST);
                    case PARTITION_AGE_CURRENT -> Optional.of(PartitionAge.CURRENT);
                    case PARTITION_AGE_FUTURE -> Optional.of(PartitionAge.FUTURE);
                    case PARTITION_AGE_UNSPECIFIED, UNRECOGNIZED -> {
                        violations.add("ages", "must be PAST, CURRENT or FUTURE");
                        yield Optional.<PartitionAge>empty();
                    }
                })
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
    }

    private static Duration countTimeout(Violations violations, ListPartitionsRequest request) {
        return request.hasCountTimeout()
                ? Times.read(
                        violations,
                        "count_timeout",
                        request.getCountTimeout(),
                        Duration.ofMillis(1),
                        Duration.ofHours(1),
                        "between 1 ms and 1 h")
                : USUAL_COUNT;
    }
}
