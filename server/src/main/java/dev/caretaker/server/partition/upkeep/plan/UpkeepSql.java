package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.step.DefaultAdoption;
import dev.caretaker.server.partition.upkeep.step.PartitionCreation;
import dev.caretaker.server.partition.upkeep.step.PartitionRetirement;
import dev.caretaker.server.partition.upkeep.step.PartitionSql;
import dev.caretaker.server.partition.upkeep.step.RetiredArchive;
import dev.caretaker.server.partition.upkeep.step.RetiredDrop;
import dev.caretaker.server.partition.upkeep.step.RetiredReattachment;
import dev.caretaker.server.target.Identifiers;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Statements of steps for people to read: those that lock. What a new partition takes over besides is read when it is made. */
final class UpkeepSql {

    private UpkeepSql() {}

    static List<String> create(PartitionCreation order) {
        return order.partitions().stream()
                .flatMap(partition -> Stream.of(
                        PartitionSql.createLike(partition.name(), order.parent(), ""),
                        PartitionSql.attach(order.parent(), partition.name(), partition.from(), partition.to())))
                .toList();
    }

    static List<String> adopt(DefaultAdoption order) {
        return PartitionSql.adoption(order);
    }

    static List<String> detach(PartitionRetirement order, boolean concurrently) {
        return List.of(PartitionSql.detach(order.parent(), order.partition()) + (concurrently ? " CONCURRENTLY" : ""));
    }

    static List<String> finish(PartitionRetirement order) {
        return List.of(PartitionSql.detach(order.parent(), order.partition()) + " FINALIZE");
    }

    static List<String> archive(RetiredArchive order) {
        return List.of("COPY (SELECT * FROM ONLY " + Identifiers.quote(order.partition()) + " WHERE …) TO STDOUT");
    }

    static List<String> drop(RetiredDrop order) {
        return List.of(PartitionSql.drop(order.partition()));
    }

    static List<String> reattach(RetiredReattachment order) {
        return List.of(PartitionSql.attach(
                order.parent(), order.partition(), Optional.of(order.from()), Optional.of(order.to())));
    }
}
