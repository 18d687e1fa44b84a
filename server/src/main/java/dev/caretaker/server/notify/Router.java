package dev.caretaker.server.notify;

import dev.caretaker.server.config.NotificationEvent;
import dev.caretaker.server.store.DeliveryStore;
import dev.caretaker.server.store.GatheredStore;
import dev.caretaker.server.store.GatheredStore.Due;
import dev.caretaker.server.store.GatheredStore.Group;
import dev.caretaker.server.store.Told;
import dev.caretaker.server.store.Unrouted;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Makes deliveries of what was written to be told: asks the rules, and makes messages of what they want together. */
@Singleton
final class Router {
    private static final int MOST_AT_ONCE = 500;
    /** So that deliveries and heartbeats go on while much is written. */
    private static final int MOST_PASSES = 4;
    /** As many that have nothing to do with each other come to people one by one. */
    private static final int FEW = 10;

    private final DeliveryStore deliveries;
    private final GatheredStore gathered;
    private final Rules rules;
    private final Digests digests;

    Router(DeliveryStore deliveries, GatheredStore gathered, Rules rules, Digests digests) {
        this.deliveries = deliveries;
        this.gathered = gathered;
        this.rules = rules;
        this.digests = digests;
    }

    /** What is found together is written together, so that it is gathered when nothing is left to be asked about. */
    void route() {
        int passes = 0;
        while (!deliveries.unrouted(1).isEmpty()) {
            if (passes++ == MOST_PASSES || deliveries.alone(this::ask).isEmpty()) {
                return;
            }
        }
        if (!gathered.due().isEmpty() || digests.mayBeDue()) {
            deliveries.alone(this::send);
        }
    }

    private int ask() {
        List<Unrouted> some = deliveries.unrouted(MOST_AT_ONCE);
        Map<UUID, List<Told>> told = new LinkedHashMap<>();
        for (Unrouted next : some) {
            if (rules.lookBack(next)) {
                deliveries.routed(told);
                told.clear();
            }
            told.put(next.notice().id(), rules.told(next));
        }
        deliveries.routed(told);
        return some.size();
    }

    private int send() {
        // Somebody may have written more since: what belongs together is then sent the next time.
        if (!deliveries.unrouted(1).isEmpty()) {
            return 0;
        }
        List<Due> due = gathered.due();
        due.forEach(this::send);
        return due.size() + digests.send();
    }

    private void send(Due due) {
        Group group = due.group();
        boolean unrelated = group.rule().isEmpty() && group.key().orElse("").isEmpty();
        if (due.events() == 1 || unrelated && due.events() <= FEW) {
            gathered.sendEach(group);
            return;
        }
        Bundle bundle = new Bundle(gathered.counts(group), gathered.members(group, Bundle.MOST_NAMED));
        String topic = "groups/" + (group.rule().isEmpty() ? group.channel() : group.rule()) + "/"
                + group.key().orElse("");
        gathered.send(group, bundle.message(UUID.randomUUID(), NotificationEvent.GROUPED, topic, "", Map.of()));
    }
}
