package dev.caretaker.server.notify;

import dev.caretaker.server.config.NotificationEvent;
import dev.caretaker.server.config.NotificationsConfig;
import dev.caretaker.server.config.NotificationsConfig.Digest;
import dev.caretaker.server.config.NotificationsConfig.Rule;
import dev.caretaker.server.store.ConditionStore;
import dev.caretaker.server.store.GatheredStore;
import dev.caretaker.server.store.GatheredStore.DigestOf;
import dev.caretaker.server.store.GatheredStore.Group;
import dev.caretaker.server.store.GatheredStore.Told;
import dev.caretaker.server.store.WorkLook;
import dev.caretaker.server.store.WorkLook.OpenFindings;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Sends what a rule gathers for a day or a week, once each, whatever number of servers there is: up to when it was told stands
 * in the control store. If no server was there when one was due, the next that comes sends it.
 */
@Singleton
final class Digests {
    private static final long REST = TimeUnit.SECONDS.toNanos(5);

    private final List<Rule> rules;
    private final GatheredStore gathered;
    private final WorkLook work;
    private final ConditionStore conditions;
    /** As System.nanoTime, which nobody sets. */
    private volatile OptionalLong looked = OptionalLong.empty();

    Digests(NotificationsConfig config, GatheredStore gathered, WorkLook work, ConditionStore conditions) {
        this.rules =
                config.rules().stream().filter(rule -> digest(rule).isPresent()).toList();
        this.gathered = gathered;
        this.work = work;
        this.conditions = conditions;
    }

    private static Optional<Digest> digest(Rule rule) {
        return rule.grouping().filter(Digest.class::isInstance).map(Digest.class::cast);
    }

    /** Forgets those whose rule or channel no server's configuration has had for longer than that, and returns how many events they had. */
    int forget(Duration longer) {
        return gathered.forgetDigests(
                rules.stream()
                        .flatMap(rule -> rule.channels().stream().map(channel -> new DigestOf(rule.name(), channel)))
                        .toList(),
                longer);
    }

    /** Whether it is worth asking the control store: nobody has for a while here. */
    boolean mayBeDue() {
        OptionalLong last = looked;
        return !rules.isEmpty() && (last.isEmpty() || System.nanoTime() - last.getAsLong() > REST);
    }

    /** Sends what is due; returns how many. */
    int send() {
        looked = OptionalLong.of(System.nanoTime());
        int sent = 0;
        List<Told> begun = gathered.digests();
        for (Rule rule : rules) {
            for (String channel : rule.channels()) {
                Optional<Told> told = begun.stream()
                        .filter(one ->
                                one.rule().equals(rule.name()) && one.channel().equals(channel))
                        .findFirst();
                if (told.isEmpty()) {
                    gathered.beginDigest(rule.name(), channel);
                } else {
                    gathered.digestSeen(rule.name(), channel);
                    sent += send(rule, digest(rule).orElseThrow(), told.get());
                }
            }
        }
        return sent;
    }

    private int send(Rule rule, Digest digest, Told told) {
        Instant due = digest.latest(told.now());
        if (!due.isAfter(told.upto())) {
            return 0;
        }
        Group group = new Group(told.channel(), rule.name(), true, Optional.empty(), Optional.of(due));
        Bundle bundle = new Bundle(gathered.counts(group), gathered.members(group, Bundle.MOST_NAMED));
        boolean tells = bundle.size() > 0 || digest.whenEmpty();
        if (tells) {
            String name = "digest " + rule.name() + " " + told.channel() + " " + due;
            gathered.send(
                    group,
                    bundle.message(
                            UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)),
                            NotificationEvent.DIGEST,
                            "digests/" + rule.name(),
                            (digest.day().isPresent() ? "Weekly" : "Daily") + " digest up to "
                                    + due.atZone(digest.zone()).toOffsetDateTime() + ": ",
                            Map.of("since", told.upto().toString(), "upto", due.toString(), "still", open(rule))));
        }
        gathered.digestTold(rule.name(), told.channel(), due);
        return tells ? 1 : 0;
    }

    /** What goes on, and how many findings there are, a line a target. */
    private List<String> open(Rule rule) {
        Map<String, Map<String, Long>> byTarget = new TreeMap<>();
        for (OpenFindings open : work.findings()) {
            if (rule.targets().isEmpty() || rule.targets().contains(open.target())) {
                byTarget.computeIfAbsent(open.target(), target -> new TreeMap<>())
                        .merge(open.severity().toLowerCase(Locale.ROOT), open.number(), Long::sum);
            }
        }
        List<String> lines = new ArrayList<>(
                rule.targets().isEmpty()
                        ? conditions.standing(Optional.empty())
                        : rule.targets().stream()
                                .sorted()
                                .flatMap(target -> conditions.standing(Optional.of(target)).stream())
                                .toList());
        byTarget.forEach((target, open) -> lines.add("findings at " + target + ": "
                + open.entrySet().stream()
                        .map(number -> number.getValue() + " " + number.getKey())
                        .collect(Collectors.joining(", "))));
        return lines;
    }
}
