package dev.caretaker.cli.partitions.upkeep;

import com.google.protobuf.Timestamp;
import dev.caretaker.cli.Session;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.v1.CreatePartitionRequest;
import dev.caretaker.v1.CreatePartitionResponse;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker partitions create SET --at 2031-02}. */
@Command(name = "create", description = "Create the one partition of a set that holds a moment or a key.")
public final class CreateCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "SET", description = "Name of the partition set.")
    private String set;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "A moment it is to hold: 2031-02, 2031-02-15 (noon UTC), or 2031-02-15T10:00:00Z.")
    private String at;

    @Option(names = "--holding", paramLabel = "KEY", description = "A key it is to hold, for sets of integers.")
    private Long key;

    @Mixin
    private StartOptions start;

    public CreateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if ((at == null) == (key == null)) {
            throw CommandFailure.usage("one of --at and --holding says what the partition is to hold");
        }
        CreatePartitionRequest.Builder request = CreatePartitionRequest.newBuilder()
                .setRequestId(start.requestId())
                .setActor(start.actor(session))
                .setSet(set);
        if (at != null) {
            Instant instant = instant(at.strip());
            request.setTime(Timestamp.newBuilder().setSeconds(instant.getEpochSecond()));
        } else {
            request.setKey(key);
        }
        start.deadline().ifPresent(request::setDeadline);
        return start.run(
                session,
                CreatePartitionResponse::getEvent,
                (stub, observer) -> stub.createPartition(request.build(), observer));
    }

    /** The middle of what is named, so that no time zone moves it out of the month or the day. */
    private static Instant instant(String text) {
        try {
            if (text.length() == 7) {
                return YearMonth.parse(text).atDay(15).atTime(12, 0).toInstant(ZoneOffset.UTC);
            }
            if (text.length() == 10) {
                return LocalDate.parse(text).atTime(12, 0).toInstant(ZoneOffset.UTC);
            }
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new CommandFailure(
                    ExitCode.USAGE, "--at: '" + text + "' is none of 2031-02, 2031-02-15, 2031-02-15T10:00:00Z", e);
        }
    }
}
