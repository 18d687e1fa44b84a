package dev.caretaker.cli.convert;

import com.google.protobuf.Timestamp;
import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.cli.file.ChoiceText;
import dev.caretaker.cli.policies.file.WindowText;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.cli.upkeep.RequiredBackup;
import dev.caretaker.v1.Conversion;
import dev.caretaker.v1.ConversionLoss;
import dev.caretaker.v1.ConversionObstacle;
import dev.caretaker.v1.CutOver;
import dev.caretaker.v1.PlanConversionRequest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caretaker convert plan TABLE --target shop --grid month --column "End Time"}. */
@Command(
        name = "plan",
        description = {
            "Say how a plain table would become a partitioned one: what is done, what it locks, what stands in the"
                    + " way,",
            "and the way back. Changes nothing."
        },
        footer = {"", "Exits with 0 if it can be started, 3 if something stands in the way."})
public final class PlanConversion implements Callable<Integer> {
    private static final Duration PLANNING = Duration.ofMinutes(2);
    private static final String LOSS = "CONVERSION_LOSS_";

    private final Session session;

    @Mixin
    private WantedSet set;

    @Option(
            names = "--column",
            paramLabel = "COLUMN",
            required = true,
            order = 4,
            description = "Column of the partition key, exactly as in the catalog.")
    private String column;

    @Option(
            names = "--boundary-after",
            paramLabel = "TIME",
            order = 9,
            description = "New partitions begin at the first line of the grid after this: 2025-07-31 (midnight UTC) or"
                    + " 2025-07-31T12:00:00Z. Default: a day from now.")
    private String boundaryAfter;

    @Option(
            names = "--boundary-above",
            paramLabel = "KEY",
            order = 9,
            description =
                    "For integers: new partitions begin at the first line of the grid above this key. Default: a step of"
                            + " the grid, and twice the rows of a day, above the highest key.")
    private Long boundaryAbove;

    @Option(
            names = "--legacy-name",
            paramLabel = "NAME",
            order = 10,
            description = "Name of the partition of old rows. Default: the table's with _legacy.")
    private String legacyName = "";

    @Option(
            names = "--on-request",
            order = 11,
            description = "Prepare all, then wait for 'convert complete'. Default: cut over as soon as all is ready.")
    private boolean onRequest;

    @Option(
            names = "--window",
            paramLabel = "WINDOW",
            order = 11,
            description = "Prepare all, then cut over while a daily window is open: '22:00-05:00 Europe/Berlin';"
                    + " or before, on 'convert complete'.")
    private String window;

    @Option(
            names = "--accept",
            paramLabel = "LOSS",
            order = 12,
            split = ",",
            description = "Accept what a partitioned table cannot keep: UNIQUE_NARROWED, FOREIGN_KEYS_DROPPED,"
                    + " PUBLICATION_CHANGED, ROW_TYPE_LEFT, NULL_KEYS_REFUSED, KEY_CHANGED_BY_TRIGGER. May be given several"
                    + " times.")
    private List<String> accepted = List.of();

    @Option(
            names = "--ttl",
            paramLabel = "DURATION",
            order = 13,
            converter = Durations.Converter.class,
            description = "How long it may be started, at most 7d. Default: 1h.")
    private Duration timeToLive;

    @Option(names = "--brief", order = 14, description = "Show phases without their statements.")
    private boolean brief;

    @Mixin
    private RequiredBackup backup;

    @Mixin
    private MutationOptions mutation;

    public PlanConversion(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        PlanConversionRequest.Builder request = PlanConversionRequest.newBuilder()
                .setRequestId(mutation.requestId())
                .setActor(mutation.actor(session.environment()))
                .setSet(set.read(session))
                .setKeyColumn(column)
                .setLegacyName(legacyName);
        cutOver(request);
        backup.toProto().ifPresent(request::setRequireBackup);
        accepted.stream().map(PlanConversion::loss).forEach(request::addAcceptedLosses);
        if (boundaryAfter != null) {
            request.setBoundaryAfter(Timestamp.newBuilder()
                    .setSeconds(instant(boundaryAfter.strip()).getEpochSecond()));
        }
        if (boundaryAbove != null) {
            request.setBoundaryAbove(boundaryAbove);
        }
        if (timeToLive != null) {
            request.setTimeToLive(Durations.toProto(timeToLive));
        }
        Conversion conversion = session.connection()
                .usuallyWithin(PLANNING)
                .conversions()
                .planConversion(request.build())
                .getConversion();
        session.printer().one(conversion, page -> new ConversionView(conversion, page).show(brief));
        return conversion.getObstaclesList().stream().allMatch(ConversionObstacle::getAccepted)
                ? ExitCode.COMPLETE
                : ExitCode.REFUSED;
    }

    private void cutOver(PlanConversionRequest.Builder request) {
        if (window == null) {
            request.setCutOver(onRequest ? CutOver.CUT_OVER_ON_REQUEST : CutOver.CUT_OVER_AUTO);
            return;
        }
        if (onRequest) {
            throw CommandFailure.usage("--window and --on-request exclude each other");
        }
        try {
            request.setCutOver(CutOver.CUT_OVER_IN_WINDOW).setWindow(WindowText.parse(window));
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, "--window: " + e.getMessage(), e);
        }
    }

    private static ConversionLoss loss(String text) {
        return ChoiceText.ofOption("--accept", text, ConversionLoss.class, LOSS);
    }

    private static Instant instant(String text) {
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new CommandFailure(
                    ExitCode.USAGE, "--boundary-after: '" + text + "' is none of 2025-07-31, 2025-07-31T12:00:00Z", e);
        }
    }
}
