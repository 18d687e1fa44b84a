package dev.caretaker.cli.holds;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.cli.connect.OlderServer;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.schedules.EndOption;
import dev.caretaker.v1.Hold;
import dev.caretaker.v1.RunKind;
import dev.caretaker.v1.SetHoldRequest;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caretaker holds set}. */
@Command(
        name = "set",
        description = {
            "Freeze work: everything, a target, or kinds of work. Nothing of it starts, whoever asks for it.",
            "Partitions are still created unless --kind upkeep is named."
        })
public final class SetHold implements Runnable {
    private final Session session;

    @Option(names = "--target", paramLabel = "NAME", description = "Only at this target. Default: at all.")
    private String target = "";

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            split = ",",
            completionCandidates = Kinds.class,
            description = "Only these: ${COMPLETION-CANDIDATES}. Default: all.")
    private List<String> kinds = List.of();

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why; shown to whoever is refused.")
    private String reason;

    @Mixin
    private EndOption end;

    @Option(
            names = "--pause-running",
            description = "Pause what runs at its next batch or statement, and let it go on when the hold ends.")
    private boolean pauseRunning;

    @Mixin
    private MutationOptions mutation;

    public SetHold(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        SetHoldRequest.Builder request = SetHoldRequest.newBuilder()
                .setRequestId(mutation.requestId())
                .setActor(mutation.actor(session.environment()))
                .setTarget(target)
                .setReason(reason)
                .setPauseRunning(pauseRunning);
        kinds.forEach(kind -> request.addKinds(kind(kind)));
        end.end().ifPresent(request::setEndTime);
        end.span().ifPresent(request::setDuration);
        Hold hold = session.connection().holds().setHold(request.build()).getHold();
        if (request.hasDuration() && !hold.hasEndTime()) {
            throw OlderServer.withoutEnd(
                    "the hold " + hold.getHoldId(),
                    "Say with --until when it ends, such as 2026-12-27T06:00:00Z.",
                    () -> ReleaseHold.release(
                            session, UUID.randomUUID().toString(), request.getActor(), hold.getHoldId()),
                    "caretaker holds release " + hold.getHoldId());
        }
        session.printer().one(hold, page -> {
            page.line("Hold " + hold.getHoldId() + ": " + HoldText.scope(hold) + " " + HoldText.end(hold) + ".");
            if (hold.getPausedRunIdsCount() > 0) {
                page.line("Paused: " + String.join(", ", hold.getPausedRunIdsList()));
            }
        });
    }

    private static RunKind kind(String text) {
        String wanted = text.strip().toLowerCase(Locale.ROOT).replace('_', '-');
        return Kinds.all()
                .filter(kind -> Kinds.name(kind).equals(wanted))
                .findFirst()
                .orElseThrow(() -> CommandFailure.usage(
                        "--kind: '" + text + "' is not known; there are " + String.join(", ", new Kinds())));
    }

    /** Kinds of work by name. */
    static final class Kinds implements Iterable<String> {
        static Stream<RunKind> all() {
            return Stream.of(RunKind.values())
                    .filter(kind -> kind != RunKind.RUN_KIND_UNSPECIFIED && kind != RunKind.UNRECOGNIZED);
        }

        static String name(RunKind kind) {
            return kind.name()
                    .substring("RUN_KIND_".length())
                    .toLowerCase(Locale.ROOT)
                    .replace('_', '-');
        }

        @Override
        public Iterator<String> iterator() {
            return all().map(Kinds::name).iterator();
        }
    }
}
