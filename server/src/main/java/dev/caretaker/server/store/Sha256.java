package dev.caretaker.server.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, which tells contents apart: etags, ids of findings, stored tokens, requests under the same id. */
public final class Sha256 {
    /** One call with all of a large content would go to its end as it began: interpreted, for seconds. */
    private static final int CHUNK = 16 << 10;

    private Sha256() {}

    public static byte[] of(byte[] content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (int at = 0; at < content.length; at += CHUNK) {
                digest.update(content, at, Math.min(CHUNK, content.length - at));
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    public static byte[] of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The first bytes of a hash, in hexadecimal. */
    public static String hex(byte[] hash, int bytes) {
        return HexFormat.of().formatHex(hash, 0, bytes);
    }
}
