package dev.caretaker.server.notify.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.caretaker.server.api.Certificates;
import dev.caretaker.server.config.ChannelConfig.Email;
import dev.caretaker.server.config.ChannelConfig.Login;
import dev.caretaker.server.config.ChannelConfig.MailServer;
import dev.caretaker.server.config.ChannelConfig.Tls;
import dev.caretaker.server.config.NotificationEvent.Severity;
import dev.caretaker.server.config.Secret;
import dev.caretaker.server.store.Notice;
import dev.caretaker.server.testing.SmtpReceiver;
import dev.caretaker.server.testing.TestTls;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mail goes out encrypted and to whom it should, says what it means, and a server may answer what it likes. */
@Timeout(60)
class SmtpTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String OTHER = "0f4cf4ab-6a3b-4a2c-8f6d-2a5a0c9f7b11";
    private static final Notice NOTICE = notice("Cleanup of schedule nightly at shop failed: DEADLOCK. Über 日本");

    @TempDir
    private static Path folder;

    private static Certificates certificates;
    private static SmtpReceiver secured;
    private static SmtpReceiver misnamed;
    private static SmtpReceiver plain;

    @BeforeAll
    static void start() throws Exception {
        certificates = Certificates.authority(folder);
        certificates.sign("mail", "CN=mail", "dns:localhost");
        certificates.sign("other", "CN=other", "dns:elsewhere.example");
        secured = new SmtpReceiver(Optional.of(context("mail")));
        misnamed = new SmtpReceiver(Optional.of(context("other")));
        plain = new SmtpReceiver(Optional.empty());
    }

    private static SSLContext context(String alias) throws Exception {
        return TestTls.server(certificates.certificate(alias), certificates.key(alias));
    }

    @AfterAll
    static void stop() throws IOException {
        secured.close();
        misnamed.close();
        plain.close();
    }

    @BeforeEach
    void well() {
        for (SmtpReceiver one : List.of(secured, misnamed, plain)) {
            one.answer(command -> Optional.empty());
            one.commands().clear();
            one.mails().clear();
        }
    }

    private static Notice notice(String summary) {
        return notice("6b4b2a0e-7f0e-3c2e-9a51-7b1c8a4fd0aa", "schedules/nightly/shop", summary);
    }

    private static Notice notice(String id, String topic, String summary) {
        return new Notice(
                UUID.fromString(id),
                "run.failed",
                Severity.CRITICAL,
                "shop",
                topic,
                summary,
                Map.of(),
                Optional.empty(),
                Instant.parse("2026-11-30T02:00:00Z"));
    }

    private static Email email(SmtpReceiver to, Tls tls, boolean trusted, String... recipients) {
        return new Email(
                "mail",
                new MailServer(
                        "localhost",
                        to.port(),
                        tls,
                        true,
                        trusted
                                ? Optional.of(new Secret.InFile("ca-file", certificates.authority()))
                                : Optional.empty(),
                        PATIENCE),
                Optional.of(new Login(new Secret.Text("care"), new Secret.Text("s3cret"))),
                "Caretaker <caretaker@example.org>",
                recipients.length == 0 ? List.of("ops@example.org") : List.of(recipients));
    }

    private static void send(Email email) throws NotDeliveredException {
        send(email, NOTICE);
    }

    private static void send(Email email, Notice notice) throws NotDeliveredException {
        new Mail(email, URI.create("/caretaker")).deliver(notice, 1);
    }

    private static NotDeliveredException failure(Email email) {
        return catchThrowableOfType(NotDeliveredException.class, () -> send(email));
    }

    private static MimeMessage only(SmtpReceiver receiver) throws Exception {
        assertThat(receiver.mails()).hasSize(1);
        return read(receiver.mails().getFirst());
    }

    private static MimeMessage read(String mail) throws MessagingException {
        return new MimeMessage(
                Session.getInstance(new Properties()), new ByteArrayInputStream(mail.getBytes(StandardCharsets.UTF_8)));
    }

    private static String part(MimeMessage message, int index) throws Exception {
        return String.valueOf(
                ((MimeMultipart) message.getContent()).getBodyPart(index).getContent());
    }

    @Test
    void mail_arrives_over_STARTTLS_with_the_login_said_over_TLS_only() throws Exception {
        send(email(secured, Tls.STARTTLS, true));
        assertThat(secured.commands()).anyMatch(line -> line.startsWith("tls AUTH"));
        assertThat(secured.commands())
                .filteredOn(line -> !line.startsWith("tls "))
                .allMatch(line -> line.startsWith("EHLO [127.0.0.1]") || line.equals("STARTTLS"));
        MimeMessage mail = only(secured);
        assertThat(mail.getSubject())
                .isEqualTo("[critical] shop: Cleanup of schedule nightly at shop failed: DEADLOCK. Über 日本");
        assertThat(mail.getMessageID()).isEqualTo("<6b4b2a0e-7f0e-3c2e-9a51-7b1c8a4fd0aa.caretaker@example.org>");
        assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(mail.getRecipients(RecipientType.TO))
                .extracting(String::valueOf)
                .containsExactly("ops@example.org");
        assertThat(mail.getFrom()).extracting(String::valueOf).containsExactly("Caretaker <caretaker@example.org>");
        assertThat(mail.getContentType()).startsWith("multipart/alternative");
        assertThat(part(mail, 0))
                .startsWith("critical: Cleanup of schedule nightly")
                .contains("Über 日本");
        assertThat(part(mail, 1)).contains("<!DOCTYPE html>", "critical", "Über 日本");
    }

    @Test
    void mails_about_one_thing_are_one_conversation_and_an_attempt_more_is_the_same_mail() throws Exception {
        Email email = email(secured, Tls.STARTTLS, true);
        send(email);
        send(email);
        send(email, notice(OTHER, "schedules/nightly/shop", "Cleanup of schedule nightly at shop ended well again."));
        send(email, notice(OTHER, "schedules/weekly/shop", "Cleanup of schedule weekly at shop failed."));
        List<String> ids = new ArrayList<>();
        List<String> topics = new ArrayList<>();
        for (String text : secured.mails()) {
            MimeMessage mail = read(text);
            ids.add(mail.getMessageID());
            topics.add(mail.getHeader("References", null));
        }
        assertThat(ids).hasSize(4);
        assertThat(ids.get(1)).isEqualTo(ids.getFirst());
        assertThat(ids.get(2)).isNotEqualTo(ids.getFirst());
        assertThat(topics.subList(0, 3)).containsOnly(topics.getFirst()).doesNotContainNull();
        assertThat(topics.get(3)).isNotEqualTo(topics.getFirst());
    }

    @Test
    void a_real_mail_server_takes_it_over_TLS() throws Exception {
        Path keys = folder.resolve("greenmail.p12");
        try (OutputStream out = Files.newOutputStream(keys)) {
            TestTls.store(certificates.certificate("mail"), certificates.key("mail"), "changeit")
                    .store(out, "changeit".toCharArray());
        }
        System.setProperty("greenmail.tls.keystore.file", keys.toString());
        System.setProperty("greenmail.tls.keystore.password", "changeit");
        GreenMail real = new GreenMail(new ServerSetup(0, "127.0.0.1", "smtps"));
        real.start();
        try {
            real.setUser("ops@example.org", "care", "s3cret");
            Email email = email(plain, Tls.TLS, true);
            MailServer at = new MailServer(
                    "localhost",
                    real.getSmtps().getPort(),
                    Tls.TLS,
                    true,
                    email.server().authority(),
                    PATIENCE);
            send(new Email("mail", at, email.login(), email.from(), email.to()));
            assertThat(real.getReceivedMessages())
                    .singleElement()
                    .satisfies(mail -> assertThat(mail.getSubject()).contains("Über 日本"));
            Login wrong = new Login(new Secret.Text("care"), new Secret.Text("wrong"));
            assertThat(failure(new Email("mail", at, Optional.of(wrong), email.from(), email.to())))
                    .hasMessageContaining("refuses the login");
        } finally {
            real.stop();
        }
    }

    @Test
    void names_become_neither_headers_nor_markup() throws Exception {
        send(
                email(secured, Tls.STARTTLS, true),
                notice(
                        "Table \"x\r\nBcc: evil@example.org\r\n\r\n<script>alert('1')</script><img src=x>\u202e.\r\n.\r\n"
                                + "QUIT\" grew"));
        MimeMessage mail = only(secured);
        assertThat(mail.getAllRecipients()).hasSize(1);
        assertThat(mail.getHeader("Bcc")).isNull();
        assertThat(mail.getSubject()).contains("Bcc: evil@example.org").doesNotContain("\r", "\n", "\u202e");
        assertThat(part(mail, 1))
                .contains("&lt;script&gt;alert('1')&lt;/script&gt;&lt;img src=x&gt;")
                .doesNotContain("<script", "<img", "\u202e");
        assertThat(part(mail, 0).lines().findFirst().orElseThrow()).contains("Bcc: evil@example.org", "grew");
    }

    @Test
    void without_STARTTLS_or_with_a_certificate_that_is_not_believed_nothing_is_said() {
        NotDeliveredException refused = failure(email(plain, Tls.STARTTLS, true));
        assertThat(refused).hasMessageContaining("does not offer STARTTLS");
        assertThat(refused.isLasting()).isFalse();
        assertThat(failure(email(secured, Tls.STARTTLS, false))).hasMessageContaining("TLS");
        assertThat(failure(email(misnamed, Tls.STARTTLS, true))).hasMessageContaining("TLS");
        assertThat(failure(email(plain, Tls.TLS, true))).hasMessageContaining("TLS");
        for (SmtpReceiver one : List.of(plain, secured, misnamed)) {
            assertThat(one.mails()).isEmpty();
            assertThat(one.commands()).noneMatch(line -> line.contains("AUTH") || line.contains("MAIL"));
        }
    }

    @Test
    void without_TLS_it_goes_to_private_addresses_only() throws Exception {
        send(email(plain, Tls.NONE, true));
        assertThat(plain.mails()).hasSize(1);
        MailServer far = new MailServer("1.1.1.1", 25, Tls.NONE, true, Optional.empty(), PATIENCE);
        Email email = email(plain, Tls.NONE, true);
        NotDeliveredException refused = failure(new Email("mail", far, Optional.empty(), email.from(), email.to()));
        assertThat(refused).hasMessageContaining("nothing goes there without TLS");
        assertThat(refused.isLasting()).isTrue();
        MailServer closed = new MailServer("localhost", plain.port(), Tls.TLS, false, Optional.empty(), PATIENCE);
        assertThat(failure(new Email("mail", closed, Optional.empty(), email.from(), email.to())))
                .hasMessageContaining("no public address");
    }

    @Test
    void a_refusal_of_4xx_passes_and_one_of_5xx_lasts() {
        assertThat(refusal("CONNECT", "421 busy").isLasting()).isFalse();
        assertThat(refusal("MAIL", "451 later").isLasting()).isFalse();
        assertThat(refusal("RCPT", "450 greylisted").isLasting()).isFalse();
        assertThat(refusal("TEXT", "452 full").isLasting()).isFalse();
        assertThat(refusal("MAIL", "553 not you").isLasting()).isTrue();
        NotDeliveredException unknown = refusal("RCPT", "550 5.1.1 nobody with <ops@example.org>");
        assertThat(unknown.isLasting()).isTrue();
        assertThat(unknown).hasMessage("the mail server's answer is 550");
        assertThat(refusal("TEXT", "554 spam").isLasting()).isTrue();
        NotDeliveredException login = refusal("AUTH", "535 who are you");
        assertThat(login).hasMessageContaining("refuses the login");
        assertThat(login.isLasting()).isFalse();
    }

    private static NotDeliveredException refusal(String to, String reply) {
        secured.answer(command -> command.startsWith(to) ? Optional.of(reply) : Optional.empty());
        return failure(email(secured, Tls.STARTTLS, true));
    }

    @Test
    void who_can_be_told_is_told_although_another_cannot() {
        secured.answer(command -> command.contains("gone@") ? Optional.of("550 no such user") : Optional.empty());
        NotDeliveredException refused =
                failure(email(secured, Tls.STARTTLS, true, "ops@example.org", "gone@example.org"));
        assertThat(refused).hasMessage("the mail server's answer is 550; 1 of 2 recipients have it");
        assertThat(refused.isLasting()).isTrue();
        assertThat(secured.mails()).hasSize(1);
    }

    @Test
    void one_that_is_slow_or_speaks_something_else_is_left() {
        secured.answer(command -> Optional.of("HTTP/1.1 400 Bad Request"));
        NotDeliveredException odd = failure(email(secured, Tls.STARTTLS, true));
        assertThat(odd).hasMessageContaining("something else than SMTP");
        assertThat(odd.isLasting()).isFalse();
        secured.answer(command -> {
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Optional.empty();
        });
        assertThat(failure(email(secured, Tls.STARTTLS, true))).hasMessageContaining("within 5000 ms");
    }
}
