package dev.caretaker.server.api.security;

import dev.caretaker.server.config.ConfigException;
import dev.caretaker.server.store.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bearer tokens that are let in, from a file of lines {@code name: sha256-of-the-token-in-hex}. Empty lines and lines
 * that begin with # do not count; a name may have several tokens, so that they can be rotated. The file is read again
 * when it changes; if it then is wrong, what was read before holds and the log says so.
 *
 * <p>Make a line with {@code printf 'ci: %s\n' "$(printf %s "$TOKEN" | sha256sum | cut -d' ' -f1)"}.
 */
public final class Tokens {
    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
    private static final Pattern LINE = Pattern.compile("\\s*([^\\s:#][^:]{0,199}?)\\s*:\\s*([0-9a-fA-F]{64})\\s*");
    private static final String KEY = "caretaker.listen.tokens-file";

    private final Path file;
    private volatile Content content;
    /** What the log says already about the file as it is now. */
    private volatile String complaint = "";

    private record Token(String name, byte[] hash) {}

    private record Stamp(FileTime modified, long size, Object key) {}

    private record Content(Stamp stamp, List<Token> tokens) {}

    /**
     * Reads the file.
     *
     * @throws ConfigException if it cannot be read, or a line is wrong
     */
    public Tokens(Path file) {
        this.file = file;
        try {
            this.content = read();
        } catch (IOException e) {
            throw new ConfigException(
                    KEY, "cannot read " + file + " (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** Name of the caller who knows this token. */
    public Optional<String> nameOf(String token) {
        refresh();
        byte[] hash = Sha256.of(token);
        String found = null;
        for (Token known : content.tokens()) {
            // Every entry is compared, each in constant time.
            found = MessageDigest.isEqual(known.hash(), hash) ? known.name() : found;
        }
        return Optional.ofNullable(found);
    }

    private void refresh() {
        try {
            if (!stamp().equals(content.stamp())) {
                content = read();
                LOG.info("Read {} again: {} tokens", file, content.tokens().size());
            }
            complaint = "";
        } catch (ConfigException e) {
            complain(e.getMessage());
        } catch (IOException e) {
            complain("cannot read " + file + " (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** Once, not with every call: whoever may call could fill the log. */
    private void complain(String message) {
        if (!message.equals(complaint)) {
            complaint = message;
            LOG.error("The changed tokens file is not used: {}", message);
        }
    }

    private Content read() throws IOException {
        Stamp stamp = stamp();
        List<Token> tokens = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw new ConfigException(KEY, "line " + (i + 1) + " of " + file + " is not \"name: sha256 in hex\"");
            }
            tokens.add(new Token(matcher.group(1), HexFormat.of().parseHex(matcher.group(2))));
        }
        return new Content(stamp, List.copyOf(tokens));
    }

    private Stamp stamp() throws IOException {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    }
}
