package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.grid.KeyPoint;
import dev.caretaker.server.partition.upkeep.grid.KeyRange;
import dev.caretaker.server.partition.upkeep.plan.UpkeepWarning.Code;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.partition.upkeep.set.Retirement;
import dev.caretaker.server.partition.upkeep.step.PartitionRetirement;
import dev.caretaker.server.partition.upkeep.step.RetiredArchive;
import dev.caretaker.server.partition.upkeep.step.RetiredDrop;
import dev.caretaker.server.partition.upkeep.table.Member;
import dev.caretaker.server.partition.upkeep.table.Published;
import dev.caretaker.server.partition.upkeep.table.TableState;
import dev.caretaker.server.store.Moments;
import dev.caretaker.server.store.RetiredRow;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Plans which partitions of a set are detached, and which detached ones are dropped. */
final class Retiring {
    private final SetFacts facts;
    private final PartitionSet set;
    private final TableState table;
    private final List<UpkeepWarning> warnings;

    Retiring(SetFacts facts, List<UpkeepWarning> warnings) {
        this.facts = facts;
        this.set = facts.set();
        this.table = facts.table().orElseThrow();
        this.warnings = warnings;
    }

    /** Detaches that were begun: their rows are in nobody's sight, whoever began them. */
    List<PlannedAction> unfinished() {
        Map<Long, Member> members = table.members().stream().collect(Collectors.toMap(Member::oid, member -> member));
        Stream<PlannedAction> pending = table.members().stream()
                .filter(Member::detaching)
                .map(member -> finish(member.oid(), order(member), member.rows(), member.bytes()));
        Stream<PlannedAction> unrecorded = facts.retired().stream()
                .filter(row -> row.state() == RetiredRow.State.DETACHING && !members.containsKey(row.oid()))
                .map(row -> finish(row.oid(), order(row), row.rowEstimate(), row.bytes()));
        return Stream.concat(pending, unrecorded).toList();
    }

    List<PlannedAction> detached() {
        List<Member> due = due();
        if (due.isEmpty()) {
            return List.of();
        }
        if (set.retirementPaused()) {
            warn(Code.PAUSED, "Retirement is paused: " + due.size() + " partitions are past their time.");
            return List.of();
        }
        if (table.defaultPartition().isPresent()) {
            warn(
                    Code.BLOCKING_DETACH,
                    table.name() + " has a default partition, so that partitions cannot be detached"
                            + " concurrently: each detach locks the whole table for milliseconds.");
        }
        if (!table.publications().isEmpty()) {
            warn(Code.DROP_NOT_REPLICATED, published());
        }
        boolean concurrently = table.defaultPartition().isEmpty();
        return due.stream()
                .map(member -> new PlannedAction(
                        0,
                        set.name(),
                        member.name(),
                        table.name(),
                        "It ends at " + member.to().orElseThrow() + " and is past its time; " + held() + ".",
                        member.rows(),
                        member.bytes(),
                        Locks.detach(table, member.name()),
                        UpkeepSql.detach(order(member), concurrently),
                        new UpkeepAction.Detach(order(member))))
                .toList();
    }

    /** What detaching means to subscribers. */
    private String published() {
        List<Published> stays =
                table.publications().stream().filter(Published::everything).toList();
        return "Subscribers of " + Published.names(table.publications())
                + " keep the rows of partitions that are detached here."
                + (stays.isEmpty()
                        ? " Changes of detached partitions are not published any more."
                        : " In " + Published.names(stays)
                                + " detached partitions stay, each as a table of its own name.");
    }

    private String held() {
        return hold().map(duration -> "detached, it is held for " + days(duration))
                .orElse("detached, it stays");
    }

    private static String days(Duration duration) {
        return duration.toHours() % 24 == 0 ? duration.toDays() + " days" : duration.toHours() + " hours";
    }

    /** Oldest first. */
    private List<Member> due() {
        if (set.retirement().isEmpty() || facts.position().isEmpty()) {
            return List.of();
        }
        Set<Long> kept = kept(set.retirement().get().keep());
        return bounded()
                .filter(member -> !kept.contains(member.oid()))
                .sorted(Comparator.comparing(member -> range(member).to()))
                .toList();
    }

    private Set<Long> kept(Retirement.Keep keep) {
        KeyPoint now = KeyPoint.at(facts.position().orElseThrow());
        return switch (keep) {
            case Retirement.ByTime time -> {
                KeyPoint cutoff = KeyPoint.at(set.position(time.cutoff(facts.now())));
                yield bounded()
                        .filter(member -> !range(member).to().isNotAfter(cutoff))
                        .map(Member::oid)
                        .collect(Collectors.toSet());
            }
            case Retirement.Newest newest -> {
                Stream<Member> begun = bounded()
                        .filter(member -> range(member).from().isNotAfter(now))
                        .sorted(Comparator.comparing(
                                        (Member member) -> range(member).from())
                                .reversed())
                        .limit(newest.partitions());
                Stream<Member> ahead =
                        bounded().filter(member -> now.isBefore(range(member).from()));
                yield Stream.concat(begun, ahead).map(Member::oid).collect(Collectors.toSet());
            }
        };
    }

    /** Partitions that have ended before now, and those that go on: the upper bound alone tells. */
    private Stream<Member> bounded() {
        return table.members().stream()
                .filter(member -> !member.detaching() && !member.isDefault())
                .filter(member -> member.range(set.key())
                        .map(KeyRange::to)
                        .filter(KeyPoint::isFinite)
                        .isPresent());
    }

    private KeyRange range(Member member) {
        return member.range(set.key()).orElseThrow();
    }

    List<PlannedAction> dropped() {
        boolean drops = set.retirement()
                .filter(retirement -> retirement.end() == Retirement.End.DROP)
                .isPresent();
        if (!drops || set.retirementPaused()) {
            return List.of();
        }
        return facts.retired().stream()
                .filter(row -> row.state() == RetiredRow.State.HELD)
                .filter(row ->
                        row.due().filter(due -> !due.isAfter(facts.now())).isPresent())
                .flatMap(row -> Stream.concat(archived(row).stream(), Stream.of(drop(row))))
                .toList();
    }

    /** Before it is dropped. */
    private Optional<PlannedAction> archived(RetiredRow row) {
        return set.retirement()
                .flatMap(Retirement::archive)
                .map(terms -> RetiredArchive.of(row, table.keyColumn(), terms))
                .map(order -> new PlannedAction(
                        0,
                        set.name(),
                        row.partition(),
                        table.name(),
                        "It is kept at " + order.terms().destination() + " ("
                                + order.terms().format() + ", " + order.terms().compression()
                                + ") before it is dropped, and dropped only if it is the same then.",
                        row.rowEstimate(),
                        row.bytes(),
                        Locks.archive(row.partition()),
                        UpkeepSql.archive(order),
                        new UpkeepAction.Archive(order)));
    }

    private PlannedAction drop(RetiredRow row) {
        boolean archived = set.retirement().flatMap(Retirement::archive).isPresent();
        RetiredDrop order = RetiredDrop.of(row, archived);
        return new PlannedAction(
                0,
                set.name(),
                row.partition(),
                table.name(),
                "It was detached at " + Moments.second(row.detached())
                        + row.due()
                                .map(end -> " and held until " + Moments.second(end))
                                .orElse("")
                        + ".",
                row.rowEstimate(),
                row.bytes(),
                Locks.drop(table, row.partition(), archived),
                UpkeepSql.drop(order),
                new UpkeepAction.Drop(order));
    }

    private PlannedAction finish(long oid, PartitionRetirement order, long rows, long bytes) {
        return new PlannedAction(
                0,
                set.name(),
                order.partition(),
                table.name(),
                "Its detach was begun and not brought to its end.",
                rows,
                bytes,
                Locks.detach(table, order.partition()),
                UpkeepSql.finish(order),
                new UpkeepAction.FinishDetach(order));
    }

    private PartitionRetirement order(Member member) {
        return new PartitionRetirement(
                set.name(),
                table.oid(),
                table.name(),
                member.oid(),
                member.name(),
                member.from().orElse(""),
                member.to().orElse(""),
                hold());
    }

    private PartitionRetirement order(RetiredRow row) {
        return new PartitionRetirement(
                set.name(),
                table.oid(),
                table.name(),
                row.oid(),
                row.partition(),
                row.lowerBound(),
                row.upperBound(),
                hold());
    }

    /** Without a rule nothing is ever dropped. */
    private Optional<Duration> hold() {
        return set.retirement()
                .filter(retirement -> retirement.end() == Retirement.End.DROP)
                .map(Retirement::hold);
    }

    private void warn(Code code, String message) {
        warnings.add(new UpkeepWarning(code, set.name(), table.name(), message));
    }
}
