package dev.caretaker.server.archive.parquet;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of the text of rows, in their order. */
final class TextSum {
    private final MessageDigest digest;

    TextSum() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    void add(byte[] bytes, int offset, int length) {
        digest.update(bytes, offset, length);
    }

    /** Hexadecimal; asked once. */
    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
