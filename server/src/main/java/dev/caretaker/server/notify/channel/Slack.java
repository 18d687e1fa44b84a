package dev.caretaker.server.notify.channel;

import dev.caretaker.server.config.ChannelConfig.Receiver;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.Notice;
import dev.caretaker.server.store.NoticePart;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Speaks to an incoming webhook of Slack, or of what takes the same: Mattermost, Rocket.Chat, Discord at {@code /slack}. */
record Slack(Receiver receiver) implements Channel {
    /** Discord, the least of them, takes 2,000 characters. */
    private static final int MOST = 1_900;

    private static final int MOST_OF_A_SENTENCE = 800;
    private static final int MOST_OF_A_PART = 300;

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
        StringBuilder text = new StringBuilder(
                line(notice.resolves().isPresent(), notice.severity(), notice.summary(), MOST_OF_A_SENTENCE));
        long more = notice.partsLeftOut();
        for (NoticePart part : notice.parts()) {
            String line =
                    "\n\u2022 " + line(part.resolves().isPresent(), part.severity(), part.summary(), MOST_OF_A_PART);
            if (text.length() + line.length() <= MOST) {
                text.append(line);
            } else {
                more++;
            }
        }
        if (more > 0) {
            text.append("\nand ").append(more).append(" more");
        }
        for (String still : notice.still()) {
            String line = "\nstill: " + ChatText.harmless(still, MOST_OF_A_PART);
            if (text.length() + line.length() <= MOST) {
                text.append(line);
            }
        }
        return text.toString();
    }

    private static String line(boolean over, Enum<?> severity, String summary, int most) {
        return (over ? "resolved" : severity.name().toLowerCase(Locale.ROOT)) + ": " + ChatText.harmless(summary, most);
    }

    @Override
    public boolean isForPeople() {
        return true;
    }

    @Override
    public Duration limit() {
        return receiver.timeout();
    }
}
