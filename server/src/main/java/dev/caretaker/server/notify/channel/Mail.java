package dev.caretaker.server.notify.channel;

import dev.caretaker.server.config.ChannelConfig.Email;
import dev.caretaker.server.store.Notice;
import jakarta.mail.internet.InternetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Sends mail. */
record Mail(Email config, URI source) implements Channel {

    @Override
    public void deliver(Notice notice, int attempts) throws NotDeliveredException {
        List<InternetAddress> recipients = new ArrayList<>();
        for (String to : config.to()) {
            recipients.add(Letter.address(to));
        }
        new Smtp(config.server(), config.login()).send(new Letter(notice, config, source), recipients);
    }

    @Override
    public Duration limit() {
        return config.server().timeout();
    }

    @Override
    public boolean isForPeople() {
        return true;
    }
}
