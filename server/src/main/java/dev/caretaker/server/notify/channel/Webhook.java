package dev.caretaker.server.notify.channel;

import dev.caretaker.server.config.ChannelConfig.Receiver;
import dev.caretaker.server.store.Notice;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sends CloudEvents, signed. */
record Webhook(Receiver receiver, Signature signature, URI source, InstantSource machine) implements Channel {

    @Override
    public void deliver(Notice notice, int attempts) throws NotDeliveredException {
        byte[] body = CloudEvent.json(notice, source).getBytes(StandardCharsets.UTF_8);
        String id = notice.id().toString();
        long now = machine.instant().getEpochSecond();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", CloudEvent.MEDIA_TYPE);
        headers.put("webhook-id", id);
        headers.put("webhook-timestamp", Long.toString(now));
        headers.put("webhook-signature", signature.of(id, now, body));
        new Http(receiver).send("POST", headers, body);
    }

    @Override
    public Duration limit() {
        return receiver.timeout();
    }
}
