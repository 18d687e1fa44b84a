package dev.caretaker.server.detect;

import java.util.List;

/**
 * What is wrong with files that the configuration names and that are read again while Caretaker runs; provided by whoever
 * knows them.
 */
public interface ConfigurationFacts {

    /** Files that a target depends on and that cannot be used as they are now. */
    List<BadFile> badFiles(String target);

    /**
     * One of them.
     *
     * @param key of the configuration, such as {@code caretaker.listen.tokens-file}
     * @param problem what is wrong with it and what follows; a clause without its full stop
     */
    record BadFile(String key, String problem) {}
}
