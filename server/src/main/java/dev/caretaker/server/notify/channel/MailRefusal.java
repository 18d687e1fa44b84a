package dev.caretaker.server.notify.channel;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;

/** What a mail server's refusal means. */
final class MailRefusal {
    private static final int LASTING = 500;
    private static final int TEMPORARY = 400;

    private MailRefusal() {}

    /** @param recipients how many were to be told */
    static NotDeliveredException of(MessagingException refusal, int recipients) {
        List<Integer> codes = new ArrayList<>();
        int told = 0;
        for (Exception next = refusal; next != null; next = next(next)) {
            code(next).ifPresent(codes::add);
            told = Math.max(told, told(next));
        }
        String rest = told == 0 ? "" : "; " + told + " of " + recipients + " recipients have it";
        for (int code : codes) {
            if (code >= TEMPORARY && code < LASTING) {
                return NotDeliveredException.forNow("the mail server's answer is " + code + rest);
            }
        }
        for (int code : codes) {
            if (code >= LASTING) {
                return NotDeliveredException.forGood("the mail server's answer is " + code + rest);
            }
        }
        return NotDeliveredException.forNow("the mail server did not take it: " + why(refusal));
    }

    private static Exception next(Exception exception) {
        return exception instanceof MessagingException message ? message.getNextException() : null;
    }

    private static Optional<Integer> code(Exception exception) {
        return switch (exception) {
            case SMTPAddressFailedException address -> Optional.of(address.getReturnCode());
            case SMTPSenderFailedException sender -> Optional.of(sender.getReturnCode());
            case SMTPSendFailedException send -> Optional.of(send.getReturnCode());
            default -> Optional.empty();
        };
    }

    private static int told(Exception exception) {
        Address[] sent = exception instanceof SendFailedException failed ? failed.getValidSentAddresses() : null;
        return sent == null ? 0 : sent.length;
    }

    /** Without what the server said: it may quote anything. */
    private static String why(MessagingException refusal) {
        String said = String.valueOf(refusal.getMessage());
        if (said.startsWith("STARTTLS is required")) {
            return "it does not offer STARTTLS";
        }
        Exception cause = refusal.getNextException();
        return cause instanceof SSLException tls
                ? "no TLS connection: " + tls.getMessage()
                : cause == null
                        ? "it speaks something else than SMTP"
                        : cause.getClass().getSimpleName();
    }
}
