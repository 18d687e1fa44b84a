package dev.caretaker.server.notify.channel;

import dev.caretaker.server.config.ChannelConfig.Login;
import dev.caretaker.server.config.ChannelConfig.MailServer;
import dev.caretaker.server.config.ChannelConfig.Tls;
import dev.caretaker.server.config.ConfigException;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import jakarta.mail.internet.InternetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/**
 * One mail on a connection of its own. Replies of 4xx and what breaks on the way are worth another attempt, 5xx are not (RFC
 * 5321, 4.2.1), but for a login that is refused: that is the server's configuration, or ours, and may be mended.
 */
record Smtp(MailServer server, Optional<Login> login) {

    void send(Letter letter, List<InternetAddress> recipients) throws NotDeliveredException {
        Reach reach = server.tls() == Tls.NONE ? Reach.PRIVATE : Reach.of(server.allowPrivate());
        new Peer(server.host(), server.port(), reach, server.timeout()).call(socket -> {
            if (server.tls() != Tls.TLS) {
                return spoken(socket, letter, recipients);
            }
            try (Socket tls = Trust.secured(socket, server.host(), server.authority())) {
                return spoken(tls, letter, recipients);
            }
        });
    }

    private boolean spoken(Socket socket, Letter letter, List<InternetAddress> recipients)
            throws NotDeliveredException {
        Session session = Session.getInstance(properties(socket));
        try (SMTPTransport transport = new SMTPTransport(session, name())) {
            transport.connect(socket);
            transport.sendMessage(letter.message(session), recipients.toArray(InternetAddress[]::new));
            return true;
        } catch (AuthenticationFailedException e) {
            throw NotDeliveredException.forNow("the mail server refuses the login");
        } catch (MessagingException e) {
            throw MailRefusal.of(e, recipients.size());
        } catch (ConfigException e) {
            throw NotDeliveredException.forNow(e.getMessage());
        }
    }

    private URLName name() {
        return new URLName(
                "smtp",
                server.host(),
                server.port(),
                null,
                login.map(given -> given.user().reveal().strip()).orElse(null),
                login.map(given -> given.password().reveal()).orElse(null));
    }

    private Properties properties(Socket socket) throws NotDeliveredException {
        Properties properties = new Properties();
        properties.put("mail.smtp.auth", Boolean.toString(login.isPresent()));
        properties.put("mail.smtp.starttls.enable", Boolean.toString(server.tls() == Tls.STARTTLS));
        properties.put("mail.smtp.starttls.required", Boolean.toString(server.tls() == Tls.STARTTLS));
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.ssl.socketFactory", Trust.factory(server.authority()));
        // As RFC 5321 has it for who has no name of its own; the library would ask for one.
        String address = socket.getLocalAddress().getHostAddress();
        properties.put("mail.smtp.localhost", address.contains(":") ? "[IPv6:" + address + "]" : "[" + address + "]");
        // Who can be told is told, although another of them cannot.
        properties.put("mail.smtp.sendpartial", "true");
        // The answer to a farewell says nothing that matters.
        properties.put("mail.smtp.quitwait", "false");
        return properties;
    }
}
