package dev.caretaker.server.api.security;

import dev.caretaker.server.config.ConfigException;
import dev.caretaker.server.config.Reading;
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
 * when it changes. Then lines that are wrong let nobody in, the others hold, and the log says so: whoever was taken out must
 * not stay in because of a slip elsewhere in the file. Only if nothing of it can be read does what was read before hold.
 *
 * <p>Make a line with {@code printf 'ci: %s\n' "$(printf %s "$TOKEN" | sha256sum | cut -d' ' -f1)"}.
 */
public final class Tokens {
    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
    private static final Pattern LINE = Pattern.compile("\\s*([^\\s:#][^:]{0,199}?)\\s*:\\s*([0-9a-fA-F]{64})\\s*");

    private static final String NOTHING =
            "no line of %s is \"name: sha256 in hex\", so what it held before still holds";

    private static final String EMPTY = "%s holds no token any more, so nobody gets in by one";

    private final String key;
    private final Path file;
    private volatile Content content;
    /** What the log says already about the file as it is now. */
    private volatile String complaint = "";

    private record Token(String name, byte[] hash) {}

    private record Stamp(FileTime modified, long size, Object key) {}

    /** @param wrong sentences about lines that are none */
    private record Content(Stamp stamp, List<Token> tokens, List<String> wrong) {}

    /**
     * Reads the file.
     *
     * @param key of the configuration that names it
     * @throws ConfigException if it cannot be read, or a line is wrong
     */
    public Tokens(String key, Path file) {
        this.key = key;
        this.file = file;
        try {
            this.content = read();
        } catch (IOException e) {
            throw new ConfigException(key, "cannot read " + file + ": " + Reading.why(e));
        }
        if (!content.wrong().isEmpty()) {
            throw new ConfigException(key, content.wrong().get(0));
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
                Content latest = read();
                content = latest.tokens().isEmpty() ? without(latest) : latest;
                LOG.info("Read {} again: {} tokens", file, latest.tokens().size());
            }
            complain(String.join("; ", content.wrong()));
        } catch (IOException e) {
            complain("cannot read " + file + ", so what it held before still holds: " + Reading.why(e));
        }
    }

    /** A file without any token: everybody may have been taken out of it, or something else written over it. */
    private Content without(Content latest) {
        return latest.wrong().isEmpty()
                ? new Content(latest.stamp(), List.of(), List.of(EMPTY.formatted(file)))
                : new Content(latest.stamp(), content.tokens(), List.of(NOTHING.formatted(file)));
    }

    /** What is wrong with the file as it is now, in a sentence; empty if nothing is. */
    public Optional<String> problem() {
        refresh();
        return Optional.of(complaint).filter(text -> !text.isEmpty());
    }

    /** Once, not with every call: whoever may call could fill the log. */
    private void complain(String message) {
        if (!message.equals(complaint)) {
            complaint = message;
            if (!message.isEmpty()) {
                LOG.error("The file of {} has become bad: {}", key, message);
            }
        }
    }

    private Content read() throws IOException {
        Stamp stamp = stamp();
        List<Token> tokens = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                tokens.add(new Token(matcher.group(1), HexFormat.of().parseHex(matcher.group(2))));
            } else {
                wrong.add("line " + (i + 1) + " of " + file + " is not \"name: sha256 in hex\" and lets nobody in");
            }
        }
        return new Content(stamp, List.copyOf(tokens), List.copyOf(wrong));
    }

    private Stamp stamp() throws IOException {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    }
}
