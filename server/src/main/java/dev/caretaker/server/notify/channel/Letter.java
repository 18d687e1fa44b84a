package dev.caretaker.server.notify.channel;

import dev.caretaker.server.config.ChannelConfig.Email;
import dev.caretaker.server.store.Notice;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.UUID;

/**
 * A notice as mail: the same text plain and as HTML. Its id follows from the notice's, so that who gets it twice can tell,
 * and mails about the same thing are one conversation.
 */
record Letter(Notice notice, Email config, URI source) {
    private static final int MOST_SUBJECT = 150;
    private static final String UTF_8 = StandardCharsets.UTF_8.name();

    MimeMessage message(Session session) throws MessagingException, NotDeliveredException {
        InternetAddress from = address(config.from());
        String domain = from.getAddress().substring(from.getAddress().lastIndexOf('@') + 1);
        MimeMessage message = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", id(notice.id(), domain));
            }
        };
        message.setFrom(from);
        for (String to : config.to()) {
            message.addRecipient(RecipientType.TO, address(to));
        }
        message.setSubject(subject(), UTF_8);
        message.setSentDate(Date.from(notice.occurred()));
        UUID topic = UUID.nameUUIDFromBytes(("topic " + notice.topic()).getBytes(StandardCharsets.UTF_8));
        message.setHeader("References", id(topic, domain));
        // Nobody's absence is to answer it (RFC 3834).
        message.setHeader("Auto-Submitted", "auto-generated");
        MailText text = new MailText(notice, source);
        message.setContent(new MimeMultipart("alternative", part(text.plain(), "plain"), part(text.html(), "html")));
        message.saveChanges();
        return message;
    }

    private static String id(UUID id, String domain) {
        return "<" + id + ".caretaker@" + domain + ">";
    }

    private String subject() {
        String target = notice.target().isEmpty() ? "" : notice.target() + ": ";
        return "[" + MailText.head(notice) + "] " + target + PlainText.line(notice.summary(), MOST_SUBJECT);
    }

    private static MimeBodyPart part(String text, String subtype) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setText(text, UTF_8, subtype);
        return part;
    }

    static InternetAddress address(String text) throws NotDeliveredException {
        try {
            return new InternetAddress(text, true);
        } catch (AddressException e) {
            throw NotDeliveredException.forGood("an address of the channel is none");
        }
    }
}
