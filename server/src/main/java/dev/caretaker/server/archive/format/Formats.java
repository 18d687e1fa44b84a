package dev.caretaker.server.archive.format;

import dev.caretaker.server.error.CaretakerException;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The formats and compressions of this server, by name. */
@Singleton
public final class Formats {
    private final Map<String, Format> formats;
    private final Map<String, Compression> compressions;

    Formats(Collection<Format> formats, Collection<Compression> compressions) {
        this.formats = formats.stream().collect(Collectors.toUnmodifiableMap(Format::name, format -> format));
        this.compressions = compressions.stream().collect(Collectors.toUnmodifiableMap(Compression::name, how -> how));
    }

    /** Fails with INVALID_FIELD if there is none of that name. */
    public Format format(String name) {
        Format format = formats.get(name);
        if (format == null) {
            throw CaretakerException.invalid("format", "give one of " + String.join(", ", names()));
        }
        return format;
    }

    /** Fails with INVALID_FIELD if there is none of that name. */
    public Compression compression(String name) {
        Compression compression = compressions.get(name);
        if (compression == null) {
            throw CaretakerException.invalid("compression", "give one of " + String.join(", ", compressionNames()));
        }
        return compression;
    }

    /**
     * What keeps this server from writing and reading that format, as a clause; empty if nothing does.
     *
     * @throws CaretakerException INVALID_FIELD if there is none of that name
     */
    public Optional<String> obstacle(String name) {
        return format(name).rewriting().flatMap(Rewriting::obstacle);
    }

    public List<String> names() {
        return formats.keySet().stream().sorted().toList();
    }

    public List<String> compressionNames() {
        return compressions.keySet().stream().sorted().toList();
    }
}
