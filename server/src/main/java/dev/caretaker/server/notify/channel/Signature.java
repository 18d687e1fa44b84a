package dev.caretaker.server.notify.channel;

import dev.caretaker.server.config.ConfigException;
import dev.caretaker.server.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs as Standard Webhooks 1.0 (https://www.standardwebhooks.com): HMAC-SHA256 over id, timestamp and body. With several
 * secrets, while they are being changed, there is a signature by each.
 */
record Signature(Secret secret) {
    private static final String PREFIX = "whsec_";
    /** In bytes. The standard wants 24 or more; shorter ones are in use. */
    private static final int LEAST = 16;

    private static final int MOST = 64;

    /**
     * The header {@code webhook-signature}.
     *
     * @param timestamp seconds since 1970
     */
    String of(String id, long timestamp, byte[] body) throws NotDeliveredException {
        String text;
        try {
            text = secret.reveal().strip();
        } catch (ConfigException e) {
            throw NotDeliveredException.forNow(e.getMessage());
        }
        byte[][] keys = Arrays.stream(text.split("\\s+")).map(Signature::key).toArray(byte[][]::new);
        if (Arrays.stream(keys).anyMatch(key -> key.length < LEAST || key.length > MOST)) {
            throw NotDeliveredException.forNow("the channel's secret is not whsec_ and the base64 of 16 to 64 bytes");
        }
        byte[] head = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
        return Arrays.stream(keys).map(key -> "v1," + sign(key, head, body)).collect(Collectors.joining(" "));
    }

    /** Empty if it is none. */
    private static byte[] key(String text) {
        try {
            return text.startsWith(PREFIX) ? Base64.getDecoder().decode(text.substring(PREFIX.length())) : new byte[0];
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static String sign(byte[] key, byte[] head, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(head);
            return Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
