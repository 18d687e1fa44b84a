package dev.caretaker.server.notify.channel;

import dev.caretaker.server.config.ChannelConfig.Receiver;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.Notice;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Speaks to an incoming webhook of Slack, or of what takes the same: Mattermost, Rocket.Chat, Discord at {@code /slack}. */
record Slack(Receiver receiver) implements Channel {

    @Override
    public void deliver(Notice notice, int attempts) throws NotDeliveredException {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("text", text(notice));
        message.put("mrkdwn", false);
        message.put("link_names", 0);
        message.put("unfurl_links", false);
        message.put("unfurl_media", false);
        new Http(receiver)
                .send(
                        "POST",
                        Map.of("Content-Type", "application/json; charset=utf-8"),
                        Json.write(message).getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Notice notice) {
        String head = notice.resolves().isPresent()
                ? "resolved"
                : notice.severity().name().toLowerCase(Locale.ROOT);
        return head + ": " + ChatText.harmless(notice.summary());
    }

    @Override
    public Duration limit() {
        return receiver.timeout();
    }
}
