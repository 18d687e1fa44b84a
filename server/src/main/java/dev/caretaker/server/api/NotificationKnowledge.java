package dev.caretaker.server.api;

import dev.caretaker.server.detect.NotificationFacts;
import dev.caretaker.server.notify.Notifications;
import dev.caretaker.server.store.Json;
import jakarta.inject.Singleton;

/** Tells the checks what reached nobody. */
@Singleton
final class NotificationKnowledge implements NotificationFacts {
    private final Notifications notifications;

    NotificationKnowledge(Notifications notifications) {
        this.notifications = notifications;
    }

    @Override
    public String of(String target) {
        return Json.write(notifications.deaths(target));
    }
}
