package dev.caretaker.server.console.web;

import dev.caretaker.server.api.connect.Compression;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Style sheet, scripts and icon. Their address has a version, so that browsers keep them until they change. */
@Singleton
final class Assets {
    private static final String FOLDER = "/console/";
    private static final List<String> NAMES =
            List.of("console.css", "console.js", "htmx.min.js", "htmx-sse.min.js", "icon.svg");

    private final TreeMap<String, Asset> files = new TreeMap<>();
    private final String version;

    Assets() {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            for (String name : NAMES) {
                byte[] content = read(name);
                hash.update(content);
                files.put(name, new Asset(type(name), content, Compression.smaller(content, Compression.GZIP)));
            }
            version = HexFormat.of().formatHex(hash.digest(), 0, 6);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** @param zipped the same in gzip, if that is smaller */
    record Asset(String type, byte[] content, Optional<byte[]> zipped) {}

    String version() {
        return version;
    }

    Optional<Asset> find(String name) {
        return Optional.ofNullable(files.get(name));
    }

    private static byte[] read(String name) throws IOException {
        try (InputStream in = Assets.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new IOException("the console lacks its file " + name);
            }
            return in.readAllBytes();
        }
    }

    private static String type(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "css" -> "text/css; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> throw new IllegalArgumentException(name);
        };
    }
}
